package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"luoshi/internal/procedure"
)

// writer fills in forms: it gives every declared field a value that the procedure takes.
type writer struct {
	dice
	now       time.Time // in the offices' time zone
	procedure *procedure.Procedure
	story     story // what the matter is about; its zero value when it is not known
}

// fields fills what a step or the opening asks for: all that is required and some of the rest.
func (w writer) fields(uses []procedure.FieldUse) map[string]any {
	values := map[string]any{}
	for _, use := range uses {
		optional := !use.Required && !w.chance(0.6)
		f := w.procedure.Field(use.Name)
		if v := w.value(f, use.Required); v != nil && !optional {
			values[use.Name] = v
		}
	}
	return values
}

// value is nil when there is nothing sensible to write and nothing is required.
func (w writer) value(f *procedure.Field, required bool) any {
	if w.story.topic != nil {
		if v, ok := w.story.topic.values[f.Name]; ok && w.takes(f, v) {
			return v
		}
	}
	switch f.Type {
	case procedure.TypeChoice:
		return w.choice(f)
	case procedure.TypeInteger, procedure.TypeNumber:
		return w.integer(f, required)
	case procedure.TypeBoolean:
		return w.chance(shareOfYes(f.Name))
	case procedure.TypeDate:
		return w.date(f.Name)
	case procedure.TypeFile:
		return nil // a demonstration takes no photographs
	}
	return w.words(f, required)
}

// takes reports whether the field as declared would take the value.
func (w writer) takes(f *procedure.Field, v any) bool {
	_, err := w.procedure.CheckFields([]procedure.FieldUse{{Name: f.Name}}, map[string]any{f.Name: v})
	return err == nil
}

// choice prefers the ordinary answers: the first ones declared, unless the table knows better.
func (w writer) choice(f *procedure.Field) any {
	known := map[string]map[string]float64{
		"performed":     {"yes": 80, "partly": 10, "no": 4, "not-due": 6},
		"result":        {"solved": 62, "partly": 12, "planned": 8, "explained": 14, "not-possible": 4},
		"rating":        {"very-good": 35, "good": 38, "fair": 15, "bad": 9, "very-bad": 3},
		"opinion":       {"supported": 38, "partly": 24, "explained": 24, "rejected": 14},
		"review_result": {"upheld": 74, "changed": 16, "sent-back": 10},
		"kind":          {"claim": 70, "suggestion": 18, "conduct": 12},
	}
	options := make([]weighted[string], len(f.Choices))
	for i, c := range f.Choices {
		options[i] = weighted[string]{c.Value, 1 / float64(i+1)}
		if share, ok := known[f.Name][c.Value]; ok {
			options[i].share = share
		}
	}
	v, ok := draw(w.dice, options)
	if !ok {
		return nil
	}
	return v
}

func (w writer) integer(f *procedure.Field, required bool) any {
	n := w.story.sum
	switch f.Name {
	case "household":
		n = 1 + w.Int64N(5)
	case "people":
		n = 2 + w.Int64N(12)
	case "age":
		n = 20 + w.Int64N(36)
	default:
		if w.story.topic != nil && !w.story.topic.sums && !required {
			return nil
		}
	}
	if f.Minimum != nil {
		n = max(n, *f.Minimum)
	}
	if f.Maximum != nil {
		n = min(n, *f.Maximum)
	}
	return n
}

func shareOfYes(field string) float64 {
	switch field {
	case "reached":
		return 0.88
	case "raised_before":
		return 0.18
	case "elsewhere", "in_court", "in_dispute", "deaths", "urgent", "rule_too", "compensation", "hide_name":
		return 0.04
	}
	return 0.5
}

// date is today, some days ago for what happened, some weeks ahead for what is promised.
func (w writer) date(field string) string {
	day := w.now
	switch {
	case strings.HasPrefix(field, "happened"), slices.Contains([]string{"since", "known_on", "agreed_on", "bought_on", "when"}, field):
		day = day.AddDate(0, 0, -1-w.IntN(60))
	case field == "born_on":
		day = day.AddDate(-19-w.IntN(14), 0, -w.IntN(360))
	case strings.HasSuffix(field, "_by"):
		day = day.AddDate(0, 0, 7+w.IntN(40))
	}
	return day.Format(time.DateOnly)
}

// words is a text for a string or text field, within its greatest length and pattern.
func (w writer) words(f *procedure.Field, required bool) any {
	s := w.story.text(w.dice, f.Name)
	switch {
	case s != "":
	case slices.Contains([]string{"facts", "description", "reasons", "deed", "content"}, f.Name):
		s = w.story.tale
	case f.Name == "request":
		s = w.story.wish
	case slices.Contains([]string{"place", "workplace", "where_text", "business_place"}, f.Name):
		s = w.story.where
	case f.Name == "court_document":
		s = fmt.Sprintf("（%d）岚97民特%d号", w.now.Year(), 1+w.IntN(400))
	default:
		if texts := phrases(f.Name); len(texts) > 0 {
			s = pick(w.dice, texts)
		}
	}
	if s == "" && required {
		if s, _ = w.procedure.Example["fields"].(map[string]any)[f.Name].(string); s == "" {
			s = "已记录：" + f.Title.In("zh") + "。"
		}
	}
	if s = brief(s, f.Limit()); s == "" || !required && !w.takes(f, s) {
		return nil
	}
	return s
}

// note is what is written beside a step.
func (w writer) note(st *procedure.Step) string {
	if st.Note == "none" || st.Note != "required" && !w.chance(0.35) {
		return ""
	}
	if s := w.story.text(w.dice, "note:"+st.Name); s != "" {
		return s
	}
	if texts := phrases("note:" + st.Name); len(texts) > 0 {
		return pick(w.dice, texts)
	}
	return st.Title.In("zh") + "，情况已核对。"
}
