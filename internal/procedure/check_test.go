package procedure_test

import (
	"strings"
	"testing"
)

const (
	placeField = "fields:\n  - {name: place, title: {zh: 地点, en: Place}, type: string, class: plain, seen_by: [staff, parties]}\n"
	repairStep = "  - {name: repair, title: {zh: 修理, en: Repair}, from: [lodged], to: done, by: [\"role:clerk\"], note: optional"
)

// TestFurtherFaults are ways to break a rule beside the one in its golden file.
func TestFurtherFaults(t *testing.T) {
	field := func(rest string) string {
		return placeField + "  - {name: x, title: {zh: 甲, en: X}, " + rest + "}\n"
	}
	step := func(rest string) string { return "steps:\n" + repairStep + rest + "}\n" }
	by := func(who string) string {
		return "steps:\n" + strings.Replace(repairStep, `"role:clerk"`, who, 1) + "}\n"
	}
	notice := func(to, subject, body string) string {
		return "notices:\n  - {name: n, to: [" + to + "], subject: {zh: 甲, en: \"" + subject + "\"}, body: {zh: 甲, en: \"" + body + "\"}}\n"
	}
	clock := func(rest string) string {
		return "clocks:\n  - {name: repair, title: {zh: 修理, en: Repair}, period: 5wd, starts: [open], responsible: owner, basis: {note: {zh: 自定。, en: Own.}}, " + rest + "}\n"
	}
	for name, c := range map[string]struct{ snippet, want string }{
		"superior without a role":          {by("superior"), "who: "},
		"referrer without a role":          {by("referrer"), "who: "},
		"owner without a role":             {by("owner"), "who: "},
		"referrer in the opening":          {"open: {by: [{role: clerk, relation: referrer}], channels: [web], units: [township], to: lodged, fields: [{name: place, required: true}]}\n", "who: "},
		"no such viewer":                   {field("type: string, class: plain, seen_by: [everybody]"), `value: "everybody"`},
		"viewer of no party":               {field(`type: string, class: plain, seen_by: ["party:judge"]`), "unknown-party-role: "},
		"viewer of no role":                {field(`type: string, class: plain, seen_by: ["role:"]`), "missing-member: "},
		"sensitive and counted":            {field("type: choice, choices: [{value: a, title: {zh: 甲, en: A}}], counted: true, class: sensitive, seen_by: [staff]"), "choices: a sensitive field"},
		"no such class":                    {field("type: string, class: secret, seen_by: [staff]"), "value: "},
		"number with a bound that is none": {field("type: number, minimum: 5, maximum: 4, class: plain, seen_by: [staff]"), "field-limits: "},
		"number with a length":             {field("type: number, max_length: 4, class: plain, seen_by: [staff]"), "field-limits: "},
		"state requires nothing known":     {"states:\n  - {name: lodged, title: {zh: 甲, en: A}, public: {zh: 甲, en: A}, requires: [colour]}\n  - {name: done, end: true, title: {zh: 甲, en: A}, public: {zh: 甲, en: A}}\n", "unknown-field: "},
		"state requires twice":             {"states:\n  - {name: lodged, title: {zh: 甲, en: A}, public: {zh: 甲, en: A}, requires: [place, place]}\n  - {name: done, end: true, title: {zh: 甲, en: A}, public: {zh: 甲, en: A}}\n", "duplicate-name: "},
		"example without what is required": {"open: {by: [resident], channels: [web], units: [township], to: lodged}\nstates:\n  - {name: lodged, title: {zh: 甲, en: A}, public: {zh: 甲, en: A}, requires: [place]}\n  - {name: done, end: true, title: {zh: 甲, en: A}, public: {zh: 甲, en: A}}\nexample: {procedure: street-lamp, title: 灯}\n", "example: place"},
		"proof that is no field":           {clock("suspended_in: [{state: lodged, proof: x}]"), "unknown-field: "},
		"suspended twice":                  {clock("suspended_in: [lodged, lodged]"), "duplicate-name: "},
		"suspended nowhere":                {clock("suspended_in: [{reason: {zh: 甲, en: A}}]"), "missing-member: "},
		"suspended from the beginning":     {clock("suspended_in: [{state: lodged, proof: place}]") + "open: {by: [resident], channels: [web], units: [township], to: lodged, fields: [{name: place, required: false}]}\n", "suspension-proof: a matter begins"},
		"reason in one language":           {clock("suspended_in: [{state: lodged, reason: {zh: 甲}}]"), "text-missing: "},
		"reason that is no field":          {clock("extension: {period: 1d, max: 1, reason: x}") + step(", extend: repair"), "unknown-field: "},
		"reason kept to the office":        {clock("extension: {period: 1d, max: 1, reason: place}") + step(", extend: repair, visible: office, fields: [{name: place, required: true}]"), "extension-reason: parties are told"},
		"notice to nobody known":           {notice("everybody", "A", "A") + step(", notices: [n]"), `value: "everybody"`},
		"notice to no party":               {notice(`"party:judge"`, "A", "A") + step(", notices: [n]"), "unknown-party-role: "},
		"notice to no recipient":           {notice("", "A", "A") + step(", notices: [n]"), "missing-member: "},
		"notice of two lines":              {notice("parties", `A\nB`, "A") + step(", notices: [n]"), "notice-subject: "},
		"notice with the note on top":      {notice("parties", "{note}", "A") + step(", notices: [n]"), "notice-subject: {note}"},
		"notice of an unknown field":       {notice("parties", "A", "{fields.colour}") + step(", notices: [n]"), `placeholder: {fields.colour}: no field "colour"`},
		"notice of an unknown clock":       {notice("parties", "A", "{due.answer}") + step(", notices: [n]"), `placeholder: {due.answer}: no clock "answer"`},
		"notice with an open brace":        {notice("parties", "A", "{number") + step(", notices: [n]"), "placeholder: a brace"},
		"notice named twice":               {notice("parties", "A", "A") + step(", notices: [n, n]"), "duplicate-name: "},
		"notice that nobody sends":         {notice("parties", "A", "A"), "unused: "},
		"notice of an office step":         {notice("parties", "A", "{note}") + step(", notices: [n], visible: office"), "notice-reveals: parties do not see"},
		"notice to staff who do not see":   {field(`type: string, class: plain, seen_by: ["role:head"]`) + notice("owner", "A", "{fields.x}") + step(", notices: [n]"), "notice-reveals: "},
		"document without words":           {"documents:\n  - {name: d, title: {zh: 甲, en: A}}\n" + step(", documents: [d]"), "missing-member: "},
		"document named twice":             {"documents:\n  - {name: d, title: {zh: 甲, en: A}, body: {zh: 甲, en: A}}\n" + step(", documents: [d, d]"), "duplicate-name: "},
		"two documents of one name":        {"documents:\n  - {name: d, title: {zh: 甲, en: A}, body: {zh: 甲, en: A}}\n  - {name: d, title: {zh: 甲, en: A}, body: {zh: 甲, en: A}}\n" + step(", documents: [d]"), "duplicate-name: "},
		"document with a wrong brace":      {"documents:\n  - {name: d, title: {zh: 甲, en: A}, body: {zh: \"{titel}\", en: A}}\n" + step(", documents: [d]"), "placeholder: {titel}"},
		"public field that is none":        {"public: {fields: [colour]}\n", "unknown-field: "},
		"public field twice":               {"public: {fields: [place, place]}\n", "duplicate-name: "},
		"sensitive field in public":        {field("type: string, class: sensitive, seen_by: [staff]") + "public: {fields: [x]}\n", "public-field: "},
		"retention without a basis":        {"retention: {period: 2y}\n", "basis: "},
		"retention without a period":       {"retention: {basis: {note: {zh: 自定。, en: Own.}}}\n", "missing-member: "},
		"retention of no period":           {"retention: {period: long, basis: {note: {zh: 自定。, en: Own.}}}\n", "period: "},
	} {
		t.Run(name, func(t *testing.T) {
			got := findings(overlay(sound(t), c.snippet))
			if strings.Count(got, "\n") < 1 || !strings.Contains(got, ": "+c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			rule, _, _ := strings.Cut(c.want, ":")
			for line := range strings.Lines(got) {
				if !strings.Contains(line, ": "+rule+": ") {
					t.Errorf("another rule: %s", line)
				}
			}
		})
	}
}

// TestFurtherFormsAreAccepted are what the examples of doc/procedures.md leave out.
func TestFurtherFormsAreAccepted(t *testing.T) {
	for name, snippet := range map[string]string{
		"a proof given on the way into the first of two": placeField + `states:
  - {name: lodged, title: {zh: 甲, en: A}, public: {zh: 甲, en: A}}
  - {name: works, title: {zh: 甲, en: A}, public: {zh: 甲, en: A}}
  - {name: frost, title: {zh: 甲, en: A}, public: {zh: 甲, en: A}}
  - {name: done, end: true, title: {zh: 甲, en: A}, public: {zh: 甲, en: A}}
steps:
  - {name: stop, title: {zh: 甲, en: A}, from: [lodged], to: works, by: ["role:clerk"], note: none, fields: [{name: place, required: true}]}
  - {name: freeze, title: {zh: 甲, en: A}, from: [works], to: frost, by: ["role:clerk"], note: none}
  - {name: stay, title: {zh: 甲, en: A}, from: [works], by: ["role:clerk"], note: none}
` + strings.Replace(repairStep, "[lodged]", "[lodged, frost]", 1) + `}
clocks:
  - {name: repair, title: {zh: 甲, en: A}, period: 5wd, starts: [open], responsible: owner, basis: {note: {zh: 甲, en: A}}, suspended_in: [{state: works, proof: place}, {state: frost, proof: place}]}
`,
		"nothing but the public view": "public: {}\n",
	} {
		if got := findings(overlay(sound(t), snippet)); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
}
