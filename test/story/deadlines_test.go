package story_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"luoshi/internal/calendar"
	"luoshi/internal/procedure"
)

// limit is a row of the table of legal limits.
type limit struct {
	id, procedure, step, law, article, status string
	period                                    calendar.Period
	extension                                 *calendar.Period // nil: the row names none with a number
}

// table reads the limits that have a number, from the folder beside the project.
func table(t *testing.T) []limit {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "law", "deadlines.csv"))
	if err != nil {
		t.Skip("the table of limits, ../shared/law/deadlines.csv, is not here")
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	units := map[string]calendar.Unit{"hour": calendar.Hour, "day": calendar.Day, "workday": calendar.WorkingDay, "month": calendar.Month, "year": calendar.Year}
	var all []limit
	law := ""
	for _, row := range rows[1:] {
		cell := func(name string) string { return row[at[name]] }
		if cell("basis") != "同上" {
			law = cell("basis")
		}
		amount, err := strconv.Atoi(cell("amount"))
		if unit, ok := units[cell("unit")]; ok && err == nil {
			row := limit{cell("id"), cell("procedure"), cell("step"), law, cell("article"), cell("status"),
				months(calendar.Period{N: amount, Unit: unit}), extension(cell("extension"))}
			all = append(all, row)
			if other := row.noted(cell("note")); other != nil {
				all = append(all, *other)
			}
		}
	}
	return all
}

// noted reads the limit that a note adds to the row: a shorter one of the simplified way, with its article, as
// 简易程序3工作日(54) says, or of the publicity within the procedure, as 公示7天 says. Nil: the note adds none.
func (l *limit) noted(note string) *limit {
	m := regexp.MustCompile(`^(简易程序|公示)([0-9]+)(天|工作日)(?:\(([0-9]+)\))?$`).FindStringSubmatch(note)
	if m == nil {
		return nil
	}
	n, err := strconv.Atoi(m[2])
	if err != nil {
		return nil
	}
	other := *l
	other.id, other.step, other.extension = l.id+"/"+m[1], l.step+"，"+m[1], nil
	other.period = calendar.Period{N: n, Unit: map[string]calendar.Unit{"天": calendar.Day, "工作日": calendar.WorkingDay}[m[3]]}
	if m[4] != "" {
		other.article = m[4]
	}
	return &other
}

// extension reads by how much a limit can be extended, as +30日 or +20工作日 says.
func extension(said string) *calendar.Period {
	m := regexp.MustCompile(`\+([0-9]+)(日|工作日|个月)`).FindStringSubmatch(said)
	if m == nil {
		return nil
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return nil
	}
	unit := map[string]calendar.Unit{"日": calendar.Day, "工作日": calendar.WorkingDay, "个月": calendar.Month}[m[2]]
	return &calendar.Period{N: n, Unit: unit}
}

// months brings a period of years into months, which are counted the same way.
func months(p calendar.Period) calendar.Period {
	if p.Unit == calendar.Year {
		return calendar.Period{N: 12 * p.N, Unit: calendar.Month}
	}
	return p
}

// parts are the laws or articles of a list, in one spelling: 人民调解法；民事诉讼法(2023).
func parts(list string, spell func(string) string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(";；、，, ", r) }) {
		if part = spell(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// lawName is a law without its year and with the short names written out.
func lawName(s string) string {
	s, _, _ = strings.Cut(strings.NewReplacer("（", "(", "《", "", "》", "").Replace(s), "(")
	if s == "民诉法" {
		return "民事诉讼法"
	}
	return s
}

func articleName(s string) string {
	return strings.NewReplacer("第", "", "条", "", "（", "(", "）", ")").Replace(s)
}

func meet(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// of tells whether the basis names this row's law and, where the row has one, its article.
func (l *limit) of(b *procedure.Basis) bool {
	return meet(parts(l.law, lawName), parts(b.Law, lawName)) &&
		(l.article == "" || meet(parts(l.article, articleName), parts(b.Article, articleName)))
}

// sure tells whether the table stands by the row, and what it rests on.
func (l *limit) sure() bool { return l.status == procedure.StatusVerified }

// TestClocksAgreeWithTheTableOfLimits compares every rule of a clock with the rows of the same law and article.
func TestClocksAgreeWithTheTableOfLimits(t *testing.T) {
	all := table(t)
	used := map[string]bool{}
	for _, p := range packs(t) {
		for _, c := range p.Clocks {
			for _, rule := range c.Rules {
				for _, id := range against(t, p.ID+" "+c.Name, &rule, all) {
					used[id] = true
				}
			}
		}
	}
	for _, p := range packs(t) {
		for _, l := range unused(p, all, used) {
			t.Logf("%s does not use %s", p.ID, l)
		}
	}
}

// ownRule are clocks that name the law of a row and run otherwise on purpose, with the reason.
func ownRule(clock string) string {
	switch clock {
	case "hotline-order redo":
		return "the row is the first check after a bad rating; this is checking, putting right and answering, for which places give five to fifteen days"
	}
	return ""
}

// against compares one rule and gives the ids of the rows that it is.
func against(t *testing.T, who string, rule *procedure.Rule, all []limit) []string {
	t.Helper()
	var same, about []string
	sure := false
	for i := range all {
		l := &all[i]
		if !l.of(&rule.Basis) {
			continue
		}
		about = append(about, l.String())
		if l.period == months(rule.Period) {
			same = append(same, l.id)
			sure = sure || l.sure()
			if e := rule.Extension; e != nil && l.extension != nil && e.Period != *l.extension {
				t.Errorf("%s is extended by %s; %s says %s", who, e.PeriodText, l.id, l.extension)
			}
		}
	}
	switch {
	case len(about) == 0:
		return nil
	case len(same) == 0 && ownRule(who) != "" && rule.Basis.Status != procedure.StatusVerified:
		t.Logf("%s runs %s: %s", who, rule.PeriodText, ownRule(who))
	case len(same) == 0:
		t.Errorf("%s runs %s by %s %s; the table has\n\t%s", who, rule.PeriodText, rule.Basis.Law, rule.Basis.Article, strings.Join(about, "\n\t"))
	case !sure && rule.Basis.Status == procedure.StatusVerified:
		t.Errorf("%s says its basis is verified; the table does not stand by %s", who, strings.Join(same, ", "))
	}
	return same
}

// unused are the rows of laws that the procedure names and by which no clock runs.
func unused(p *procedure.Procedure, all []limit, used map[string]bool) []string {
	var laws []string
	for _, b := range p.Basis {
		laws = append(laws, parts(b.Law, lawName)...)
	}
	var out []string
	for i := range all {
		if l := &all[i]; !used[l.id] && meet(parts(l.law, lawName), laws) {
			out = append(out, l.String())
		}
	}
	return out
}

func (l *limit) String() string {
	return fmt.Sprintf("%s %s, %s: %s, %s %s, %s", l.id, l.procedure, l.step, l.period, l.law, l.article, l.status)
}
