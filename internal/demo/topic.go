package demo

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// topic is one thing people bring, as templates. A title and the telling with the same index belong together.
// {who} is somebody else's name, {where} an estate or village, {road} an address, {n} and {m} small numbers,
// {sum} an amount of money.
type topic struct {
	share  float64
	values map[string]any // declared fields with one fixed value: the kind, the category
	agency string         // suffix of the department it is sent to
	titles []string
	tales  []string // what happened
	wishes []string // what is asked for
	sums   bool     // money is involved
	texts  map[string][]string
}

// told is what topics.yaml says of a procedure.
type told struct {
	Share    float64             `yaml:"share"`
	Receives map[string]float64  `yaml:"receives"` // by kind of office; none: all alike
	Named    map[string][]string `yaml:"named"`    // by party role
	Texts    map[string][]string `yaml:"texts"`    // by field, or "note:" and step
	Topics   []struct {
		Share  float64        `yaml:"share"`
		Values map[string]any `yaml:"values"`
		Titles []string       `yaml:"titles"`
		Tales  []string       `yaml:"tales"`
		Wishes []string       `yaml:"wishes"`
		Sums   bool           `yaml:"sums"`
	} `yaml:"topics"`
}

//go:embed topics.yaml
var topicsSource []byte

// toldOf is what topics.yaml says, by procedure. A test reads it, so it is sound.
var toldOf = sync.OnceValue(func() map[string]told {
	all := map[string]told{}
	if err := yaml.UnmarshalWithOptions(topicsSource, &all, yaml.Strict()); err != nil {
		panic(fmt.Errorf("topics.yaml: %w", err))
	}
	return all
})

// topics of a procedure that the file knows.
func (t told) topics() []topic {
	all := make([]topic, len(t.Topics))
	for i, x := range t.Topics {
		all[i] = topic{share: x.Share, values: x.Values, titles: x.Titles, tales: x.Tales, wishes: x.Wishes, sums: x.Sums, texts: t.Texts}
	}
	return all
}

// story is a topic told once.
type story struct {
	topic *topic
	title string
	tale  string
	wish  string
	sum   int64
	where string // as a place to go to
	fill  *strings.Replacer
}

// text is what the topic has for a field or a note; "" when it has nothing.
func (s story) text(d dice, name string) string {
	if s.topic == nil || len(s.topic.texts[name]) == 0 {
		return ""
	}
	return s.fill.Replace(pick(d, s.topic.texts[name]))
}

// tell fills one template of the topic.
func (d dice) tell(t *topic) story {
	s := story{topic: t, where: d.estate() + d.address(), sum: int64(d.between(3, 400)) * 100}
	r := strings.NewReplacer("{who}", d.person(), "{where}", d.estate(), "{road}", d.address(),
		"{n}", strconv.Itoa(2+d.IntN(8)), "{m}", strconv.Itoa(1+d.IntN(20)), "{sum}", fmt.Sprint(s.sum))
	s.fill = r
	i := d.IntN(len(t.titles))
	s.title, s.tale, s.wish = r.Replace(t.titles[i]), r.Replace(t.tales[i%len(t.tales)]), r.Replace(pick(d, t.wishes))
	return s
}

// topicsOf are the topics of the procedures known here or in topics.yaml; none for any other.
func topicsOf(procedure string) []topic {
	switch procedure {
	case "people-mediation":
		return mediationTopics()
	case "petition":
		return petitionTopics()
	case "hotline-order":
		return hotlineTopics()
	}
	return toldOf()[procedure].topics()
}
