package prose_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"luoshi/internal/procedure"
)

// notForReading are the members that are not said, and why.
func notForReading() map[string]string {
	return map[string]string{
		"Format":                                "the same for every procedure",
		"Hash":                                  "of the text, not in it",
		"Example":                               "for programs",
		"Parties[].Role":                        "its title is said",
		"Fields[].Name":                         "its title is said",
		"Fields[].Choices[].Value":              "its title is said",
		"States[].Name":                         "its title is said",
		"Steps[].Name":                          "its title is said",
		"Steps[].Terminal":                      "follows from To",
		"Clocks[].Name":                         "its title is said",
		"Clocks[].Rule":                         "the newest of Rules",
		"Clocks[].Rules[].Extension.PeriodText": "Period is said",
		"Clocks[].Rules[].PeriodText":           "Period is said",
		"Subs[].Name":                           "its title is said",
		"Documents[].Name":                      "its title is said",
		"Retention.PeriodText":                  "Period is said",
	}
}

// TestEveryMemberIsRead changes every member of a procedure with all constructs, one after the other: the reading
// must change too. A member that the language gets later is found by its type.
func TestEveryMemberIsRead(t *testing.T) {
	p := stall(t)
	// What the packs do not use yet.
	p.Fields[0].SeenBy = append(p.Fields[0].SeenBy, "party:applicant", "role:head")
	p.Steps[1].By = append(p.Steps[1].By, procedure.Who{Role: "head", Relation: "superior"}, procedure.Who{Role: "clerk", Relation: "referrer"})
	w := &walk{t: t, p: p, before: read(t, p, "en"), read: map[string]bool{}}
	w.values(reflect.ValueOf(p).Elem(), "")
	declared := map[string]bool{}
	members(reflect.TypeFor[procedure.Procedure](), "", declared)
	for path := range declared {
		switch _, silent := notForReading()[path]; {
		case w.read[path] && silent:
			t.Errorf("%s is said and yet listed as not for reading", path)
		case !w.read[path] && !silent:
			t.Errorf("%s is not read aloud: say it, or list it with the reason", path)
		}
	}
	for path := range notForReading() {
		if !declared[path] {
			t.Errorf("%s is listed as not for reading, and does not exist", path)
		}
	}
}

// members lists all of a type by path; those not for reading are not looked into.
func members(t reflect.Type, path string, into map[string]bool) {
	if _, ok := notForReading()[path]; ok {
		into[path] = true
		return
	}
	switch {
	case t.Kind() == reflect.Pointer:
		members(t.Elem(), path, into)
	case t.Kind() == reflect.Slice:
		members(t.Elem(), path+"[]", into)
	case t.Kind() == reflect.Struct && strings.HasSuffix(t.PkgPath(), "/procedure"):
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() {
				members(f.Type, strings.TrimPrefix(path+"."+f.Name, "."), into)
			}
		}
	default:
		into[path] = true
	}
}

// walk changes values one by one.
type walk struct {
	t      *testing.T
	p      *procedure.Procedure
	before string
	read   map[string]bool
}

func (w *walk) values(v reflect.Value, path string) {
	if _, ok := notForReading()[path]; ok {
		return
	}
	t := v.Type()
	switch {
	case t.Kind() == reflect.Pointer:
		if !v.IsNil() {
			w.values(v.Elem(), path)
		} else if t.Elem().Kind() != reflect.Struct {
			w.try(v, path, reflect.New(t.Elem()))
		}
	case t.Kind() == reflect.Slice:
		for i := range v.Len() {
			w.values(v.Index(i), path+"[]")
		}
	case t.Kind() == reflect.Struct && strings.HasSuffix(t.PkgPath(), "/procedure"):
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() {
				w.values(v.Field(i), strings.TrimPrefix(path+"."+f.Name, "."))
			}
		}
	default:
		w.others(v, path)
	}
}

// others tries other values of a member.
func (w *walk) others(v reflect.Value, path string) {
	switch x := v.Interface().(type) {
	case string:
		for _, s := range slices.Concat([]string{x + "~", ""}, words()) {
			w.try(v, path, reflect.ValueOf(s))
		}
	case bool:
		w.try(v, path, reflect.ValueOf(!x))
	case int, int64:
		w.try(v, path, reflect.ValueOf(v.Int()+7).Convert(v.Type()))
	case procedure.Text:
		w.try(v, path, reflect.ValueOf(procedure.Text{"zh": "别的话", "en": "other words"}))
	case map[string]string:
		w.try(v, path, reflect.ValueOf(map[string]string{"other": "thing"}))
	default: // a period
		period := reflect.New(v.Type()).Elem()
		period.Field(0).SetInt(77)
		period.Field(1).SetUint(1)
		w.try(v, path, period)
	}
}

// words are those that members know which know a few only.
func words() []string {
	return []string{"none", "optional", "required", "actor", "choose", "back", "office", "parties", "party", "owner", "referrer", "personal", "verified", "memory"}
}

// try sets a value, reads, and sets it back.
func (w *walk) try(v reflect.Value, path string, other reflect.Value) {
	if w.read[path] {
		return
	}
	was := reflect.New(v.Type()).Elem()
	was.Set(v)
	v.Set(other)
	w.read[path] = read(w.t, w.p, "en") != w.before
	v.Set(was)
}
