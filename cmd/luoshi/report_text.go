package main

import (
	"fmt"
	"strings"

	"luoshi/internal/report"
)

// reportText tells what was understood, for people.
func reportText(r *report.Report, lang string) string {
	t := reportTeller{lang: lang}
	t.line("标题", "title", r.Title.Text)
	if r.Date != nil {
		t.line("日期", "date", strings.TrimSuffix(r.Date.Value+" / "+r.Date.Until, " / ")+" "+r.TimeOfDay.Text)
	}
	t.line("地点", "place", r.Place.Text)
	t.line("来源", "source", strings.TrimSpace(r.Source.Text+" "+r.Byline.Text))
	t.form(r.Form)
	t.people(r.People)
	for _, d := range r.Decisions {
		t.decision(d)
	}
	if len(r.Decisions) == 0 {
		t.b.WriteString("\n" + t.say("没有读到要做的事。", "Nothing to be done was found.") + "\n")
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&t.b, "\n%s: %s (%d–%d)\n", f.Rule, f.In(lang), f.Start, f.End)
	}
	return t.b.String()
}

// reportTeller writes in one language.
type reportTeller struct {
	b    strings.Builder
	lang string
}

func (t *reportTeller) say(zh, en string) string {
	if t.lang == "zh" {
		return zh
	}
	return en
}

func (t *reportTeller) line(zh, en, value string) {
	if value = strings.TrimSpace(value); value != "" {
		fmt.Fprintf(&t.b, "%s\t%s\n", t.say(zh, en), value)
	}
}

func (t *reportTeller) form(f report.Form) {
	if f.Kind != nil {
		zh := map[string]string{"in-person": "现场", "video": "视频", "telephone": "电话", "mixed": "现场和视频"}
		t.line("形式", "form", t.say(zh[*f.Kind], *f.Kind))
	}
	if f.DownTo != nil {
		t.line("开到", "down to", *f.DownTo)
	}
	t.line("分会场", "sites", spans(f.Sites))
}

func (t *reportTeller) people(list []report.Person) {
	zh := map[report.Role]string{report.Chair: "主持", report.Speaker: "讲话", report.Reporter: "汇报", report.Attendee: "出席"}
	for _, p := range list {
		roles := make([]string, len(p.Roles))
		for i, role := range p.Roles {
			roles[i] = t.say(zh[role], string(role))
		}
		who := strings.TrimSpace(p.Name.Text + " " + spans(p.Posts) + " " + p.Phase.Text)
		t.line(strings.Join(roles, "、"), strings.Join(roles, ", "), who)
	}
}

func (t *reportTeller) decision(d report.Decision) {
	who := d.Speaker.Text
	if who == "" {
		who = t.say("会议", "the meeting")
	}
	fmt.Fprintf(&t.b, "\n%s", who)
	if !d.LeadIn.IsZero() {
		fmt.Fprintf(&t.b, "：%s", d.LeadIn.Text)
	}
	t.b.WriteString("\n")
	t.items(d.Items, "  ")
}

func (t *reportTeller) items(list []report.Item, indent string) {
	for _, it := range list {
		fmt.Fprintf(&t.b, "%s• %s\n", indent, strings.ReplaceAll(it.Text, "\n", " "))
		var notes []string
		for _, u := range it.Units {
			zh := map[report.UnitRole]string{report.Lead: "牵头", report.Support: "配合", report.Responsible: "负责"}
			notes = append(notes, t.say(zh[u.Role], string(u.Role))+" "+u.Text)
		}
		if it.Due != nil {
			notes = append(notes, strings.TrimSpace(t.say("期限", "due")+" "+it.Due.Text+" "+it.Due.Value))
		}
		for _, q := range it.Quantities {
			notes = append(notes, q.Text)
		}
		if len(notes) > 0 {
			fmt.Fprintf(&t.b, "%s    [%s]\n", indent, strings.Join(notes, "; "))
		}
		t.items(it.Items, indent+"    ")
	}
}

func spans(list []report.Span) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = s.Text
	}
	return strings.Join(words, "、")
}
