package demo

import (
	"fmt"
	"strconv"
	"strings"
)

// topic is one thing people bring, as templates. A title and the telling with the same index belong together.
// {who} is somebody else's name, {where} an estate or village, {road} an address, {n} and {m} small numbers,
// {sum} an amount of money.
type topic struct {
	share  float64
	values map[string]string // declared fields with one fixed value: the kind, the category
	agency string            // suffix of the department it is sent to
	titles []string
	tales  []string // what happened
	wishes []string // what is asked for
	sums   bool     // money is involved
}

// story is a topic told once.
type story struct {
	topic *topic
	title string
	tale  string
	wish  string
	sum   int64
	where string // as a place to go to
}

// tell fills one template of the topic.
func (d dice) tell(t *topic) story {
	s := story{topic: t, where: d.estate() + d.address(), sum: int64(d.between(3, 400)) * 100}
	r := strings.NewReplacer("{who}", d.person(), "{where}", d.estate(), "{road}", d.address(),
		"{n}", strconv.Itoa(2+d.IntN(8)), "{m}", strconv.Itoa(1+d.IntN(20)), "{sum}", fmt.Sprint(s.sum))
	i := d.IntN(len(t.titles))
	s.title, s.tale, s.wish = r.Replace(t.titles[i]), r.Replace(t.tales[i%len(t.tales)]), r.Replace(pick(d, t.wishes))
	return s
}

// topicsOf are the topics of the procedures known here; nil for any other.
func topicsOf(procedure string) []topic {
	switch procedure {
	case "people-mediation":
		return mediationTopics()
	case "petition":
		return petitionTopics()
	case "hotline-order":
		return hotlineTopics()
	}
	return nil
}
