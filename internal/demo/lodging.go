package demo

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// arrival is the i-th matter to come: when, where, and by what procedure.
type arrival struct {
	i         int
	at        time.Time
	procedure string
	unit      string
	channel   string
	// limit is how many steps are taken at most before the end of the simulated time; unlimited for most.
	// It leaves work on the desks that a visitor of the demo sits at.
	limit int
}

const unlimited = math.MaxInt

// registry knows which offices receive what and draws the arrivals.
type registry struct {
	seed       int64
	from       time.Time
	until      time.Time
	hours      hours
	procedures []weighted[*procedure.Procedure]
	offices    map[string][]weighted[string] // by procedure
}

// shareOf is how many matters belong to a procedure, against the others; one unknown here gets a few.
func shareOf(id string) float64 {
	switch id {
	case "hotline-order":
		return 55
	case "people-mediation":
		return 27
	case "petition":
		return 18
	case "hotline-assist":
		return 0 // an order asks for it; none comes by itself
	}
	if t, ok := toldOf()[id]; ok {
		return t.Share
	}
	return 1
}

// receives is how many of a hundred matters of a procedure come to offices of a kind.
func receives(id, kind string) float64 {
	table := map[string]map[string]float64{
		"people-mediation": {kindJusticeOffice: 92, kindJusticeBureau: 8},
		"petition":         {kindPetition: 76, kindDepartment: 16, kindTownship: 8},
		"hotline-order":    {kindHotline: 78, kindDepartment: 14, kindTownship: 8},
	}
	if kinds, ok := table[id]; ok {
		return kinds[kind]
	}
	if kinds := toldOf()[id].Receives; len(kinds) > 0 {
		return kinds[kind]
	}
	return 10
}

func newRegistry(seed int64, from, until time.Time, h hours, published map[string]*procedure.Procedure, c *cast) *registry {
	r := &registry{seed: seed, from: from, until: until, hours: h, offices: map[string][]weighted[string]{}}
	for _, id := range slices.Sorted(maps.Keys(published)) {
		p := published[id]
		if len(ways(p)) == 0 {
			continue
		}
		var offices []weighted[string]
		number := map[string]float64{}
		for _, u := range c.tree.All() {
			number[u.Kind]++
		}
		for _, u := range c.tree.All() {
			if !slices.Contains(p.Open.Units, u.Kind) || !c.staffed(u.Code) {
				continue
			}
			share := receives(id, u.Kind) / number[u.Kind]
			if slices.Contains([]string{demoJustice, demoPetition, demoHotline, demoDepartment, demoLabour, demoConsumer}, u.Code) {
				share *= 4 // where visitors look there is more to see
			}
			offices = append(offices, weighted[string]{u.Code, share})
		}
		if len(offices) > 0 {
			r.offices[id] = offices
			r.procedures = append(r.procedures, weighted[*procedure.Procedure]{p, shareOf(id)})
		}
	}
	return r
}

// desk is a procedure at an office where visitors sit.
type desk struct{ procedure, unit string }

// reserved are the desks that always have open matters.
func (r *registry) reserved() []desk {
	all := []desk{{"people-mediation", demoJustice}, {"petition", demoPetition}, {"hotline-order", demoHotline}, {"hotline-order", demoDepartment},
		{"labour-arbitration", demoLabour}, {"consumer-complaint", demoConsumer}}
	return slices.DeleteFunc(all, func(d desk) bool {
		return !slices.ContainsFunc(r.offices[d.procedure], func(o weighted[string]) bool { return o.thing == d.unit })
	})
}

// arrivals draws n of them, earliest first.
func (r *registry) arrivals(n int) []arrival {
	desks := r.reserved()
	each := min(max(8, n/200), n/8)
	all := make([]arrival, 0, n)
	for i := range n {
		d := newDice(r.seed, diceLodging, i, 0)
		a := arrival{i: i, limit: unlimited}
		from := r.from
		if i < each*len(desks) {
			desk := desks[i/each]
			a.procedure, a.unit, a.limit = desk.procedure, desk.unit, i%each%5
			from = r.until.AddDate(0, 0, -12)
		} else {
			p, _ := draw(d, r.procedures)
			a.procedure = p.ID
			a.unit, _ = draw(d, r.offices[p.ID])
		}
		a.channel = r.channel(d, a.procedure)
		a.at = r.time(d, from, atDesk(a.channel))
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b arrival) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return a.i - b.i
	})
	return all
}

func (r *registry) channel(d dice, id string) string {
	likely := map[string]float64{"web": 30, "walk-in": 30, "phone": 25, "letter": 8, "api": 4, "import": 0}
	if id == "hotline-order" {
		likely = map[string]float64{"phone": 70, "web": 26, "walk-in": 2, "api": 2}
	}
	var options []weighted[string]
	for _, p := range r.procedures {
		if p.thing.ID == id {
			for _, c := range ways(p.thing) {
				options = append(options, weighted[string]{c, likely[c]})
			}
		}
	}
	channel, ok := draw(d, options)
	if !ok && len(options) > 0 {
		channel = options[0].thing
	}
	return channel
}

// ways are the channels by which matters of a procedure come to the demonstration: all, or over a desk where residents do
// not bring them themselves. There are none for what only a program or an office for itself opens.
func ways(p *procedure.Procedure) []string {
	if slices.ContainsFunc(p.Open.By, func(w procedure.Who) bool { return w.Relation == procedure.RelationResident }) {
		return p.Open.Channels
	}
	if !slices.ContainsFunc(p.Open.By, func(w procedure.Who) bool { return w.Role != "" && w.Relation == "" }) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.Open.Channels), func(c string) bool { return c == "import" || !atDesk(c) })
}

// atDesk reports whether somebody of the office writes the matter down.
func atDesk(channel string) bool { return channel != "web" && channel != "api" }

// time draws when a matter is brought: in office hours over a desk, otherwise when people are up; more in busy
// seasons.
func (r *registry) time(d dice, from time.Time, desk bool) time.Time {
	span := r.until.Sub(from)
	for {
		t := from.Add(time.Duration(d.Float64() * float64(span)))
		if d.Float64()*1.8 > r.hours.season(t, r.from) {
			continue
		}
		if desk {
			t = r.hours.office(t, d)
		} else {
			t = r.hours.waking(t, d)
		}
		if t = t.Truncate(time.Millisecond); t.Before(r.until) {
			return t
		}
	}
}

// lodging writes down the matter that arrives, and says who does it.
func lodging(seed int64, a arrival, p *procedure.Procedure, c *cast, place *time.Location) (casework.Lodging, office.Actor, story, error) {
	d := newDice(seed, diceLodging, a.i, 1)
	w := writer{dice: d, now: a.at.In(place), procedure: p}
	topics := topicsOf(p.ID)
	l := casework.Lodging{}
	if len(topics) == 0 {
		if err := example(p, &l); err != nil {
			return l, office.Actor{}, story{}, err
		}
	} else {
		shares := make([]weighted[*topic], len(topics))
		for i := range topics {
			shares[i] = weighted[*topic]{&topics[i], topics[i].share}
		}
		t, _ := draw(d, shares)
		w.story = d.tell(t)
		l.Title, l.Fields = w.story.title, w.fields(p.AsksWhenOpening())
	}
	l.Procedure, l.Unit, l.Channel, l.Parties = p.ID, a.unit, a.channel, d.parties(p)
	return l, opener(d, a, p, c), w.story, nil
}

// example takes the complete lodging that every procedure brings along.
func example(p *procedure.Procedure, l *casework.Lodging) error {
	b, err := json.Marshal(p.Example)
	if err == nil {
		err = json.Unmarshal(b, l)
	}
	if err != nil {
		return fmt.Errorf("the example of %s: %w", p.Key(), err)
	}
	return nil
}

// opener is somebody of the office when the matter comes over a desk and the procedure lets them open it.
func opener(d dice, a arrival, p *procedure.Procedure, c *cast) office.Actor {
	if atDesk(a.channel) {
		for _, who := range p.Open.By {
			if who.Role == "" || who.Relation != "" {
				continue
			}
			if found := c.holders(who.Role, a.unit); len(found) > 0 {
				return office.Actor{Account: pick(d, found)}
			}
		}
	}
	return office.Actor{Resident: true}
}

// parties draws one person for each role, sometimes two where that is allowed.
func (d dice) parties(p *procedure.Procedure) []casework.Party {
	var all []casework.Party
	for _, r := range p.Parties {
		n := max(r.Min, 1)
		if (r.Max == 0 || n < r.Max) && d.chance(0.08) {
			n++
		}
		for range n {
			party := casework.Party{Role: r.Role, Name: d.person()}
			if names := toldOf()[p.ID].Named[r.Role]; len(names) > 0 {
				party.Name = pick(d, names)
			}
			if r.Sees && (len(all) == 0 || d.chance(0.6)) {
				party.Phone = d.phone()
			}
			if d.chance(0.4) {
				party.Address = d.estate() + d.address()
			}
			all = append(all, party)
		}
	}
	return all
}

// brief cuts a text to at most n code points.
func brief(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return strings.TrimSpace(s)
}
