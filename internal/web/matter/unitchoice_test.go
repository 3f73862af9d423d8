package matter

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/web/site"
	"luoshi/ui"
)

// province is a tree with 3 cities of 20 counties, each with an office "d" and 3 townships.
func province(t *testing.T) Words {
	t.Helper()
	var units []office.Unit
	add := func(code, parent, kind string) {
		units = append(units, office.Unit{Code: code, Parent: parent, Kind: kind, Name: map[string]string{"zh": "区" + code, "en": "Unit " + code}})
	}
	add("p", "", "province")
	for s := range 3 {
		city := fmt.Sprintf("s%d", s)
		add(city, "p", "city")
		for c := range 20 {
			county := fmt.Sprintf("%sc%02d", city, c)
			add(county, city, "county")
			add(county+"d", county, "office")
			for i := range 3 {
				add(fmt.Sprintf("%st%d", county, i), county, "township")
			}
		}
	}
	tree, err := office.NewTree(units)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := site.LoadTexts(ui.FS)
	if err != nil {
		t.Fatal(err)
	}
	return Words{Words: site.Words{Lang: "en", Texts: texts, Staff: &casework.Staff{Tree: tree}}}
}

func chosenUnits(v Words, form url.Values) (*site.Input, []string) {
	in := &site.Input{Name: "unit"}
	v.chooseUnit(in, v.receiving([]string{"office", "township"}, time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), "s1c05d"), "s1c05d", form)
	var codes []string
	for _, g := range in.Groups {
		for _, o := range g.Options {
			if codes = append(codes, o.Value); o.Chosen != (o.Value == in.Value) {
				panic("an option is chosen that is not the value")
			}
		}
	}
	return in, codes
}

func TestOfManyOfficesTheNearestAreListed(t *testing.T) {
	in, codes := chosenUnits(province(t), url.Values{})
	if len(codes) > fewUnits || in.Find == nil {
		t.Fatalf("%d offices are listed, and how to find others is %v", len(codes), in.Find)
	}
	for _, own := range []string{"s1c05t0", "s1c05t1", "s1c05t2"} {
		if !strings.Contains(strings.Join(codes, " "), own) {
			t.Errorf("%s, of the same county, is not listed", own)
		}
	}
	for _, code := range codes {
		if !strings.HasPrefix(code, "s1") {
			t.Errorf("%s, of another city, is listed before those of the own one", code)
		}
	}
	if !strings.Contains(in.Find.Says, "239") {
		t.Errorf("%q does not say how many there are", in.Find.Says)
	}
}

func TestOtherOfficesAreFoundByWords(t *testing.T) {
	v := province(t)
	for _, c := range []struct {
		words, chosen, value string
		want                 int
	}{
		{"s2c07", "", "", 4},
		{"unit S2C07T1", "", "s2c07t1", 1}, // the only one is chosen
		{"s2c07", "s0c00d", "s0c00d", 5},   // what was chosen stays
		{"s2", "", "", fewUnits},           // too many to list
		{"nowhere", "", "", fewUnits},      // and those nearest again
	} {
		in, codes := chosenUnits(v, url.Values{"find.unit": {c.words}, "unit": {c.chosen}})
		if len(codes) != c.want || in.Value != c.value || in.Find.Words != c.words {
			t.Errorf("%q with %q: %d offices, %q chosen, want %d, %q", c.words, c.chosen, len(codes), in.Value, c.want, c.value)
		}
	}
}

func TestOfficesAreLookedForOnlyWhenThatIsMeant(t *testing.T) {
	for _, c := range []struct{ form, want string }{
		{"look=unit&unit=a", "unit"},
		{"find.unit=x&found.unit=&unit=", "unit"}, // the Enter key
		{"find.unit=x&found.unit=x&unit=", ""},    // sent without an office: that is a fault to be told
		{"find.unit=x&found.unit=&unit=a", ""},
		{"find.sub-unit=x", "sub-unit"},
		{"unit=a", ""},
		{"", ""},
	} {
		form, err := url.ParseQuery(c.form)
		if err != nil {
			t.Fatal(err)
		}
		if got := LookedFor(form); got != c.want {
			t.Errorf("%s: %q, want %q", c.form, got, c.want)
		}
	}
}
