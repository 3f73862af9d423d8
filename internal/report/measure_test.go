package report_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"luoshi/internal/report"
)

// place is a piece of a labelled text, in runes.
type place struct{ Start, End int }

// label is an item as somebody marked it by hand.
type label struct {
	Ordinal    *string
	Start, End int
	Label      string
	Items      []label
}

// labels are what a text holds, marked by hand. testdata/shared has places and short labels only, for texts that are not
// part of the project; testdata/made and the rounds have their own texts beside them. The rounds also have who took
// part, with roles and posts, the day (from/until) and the place.
type labels struct {
	File     string
	SHA256   string
	Speakers []place
	Level    *string
	Kind     *string
	Date     *string
	Place    *string
	People   []struct {
		Name         string
		Roles, Posts []string
	}
	Decisions []struct {
		Speaker   *place
		Announced *int
		Items     []label
	}
}

// tally counts what was found of what there is.
type tally struct{ right, found, wanted int }

func (t *tally) add(u tally) { t.right += u.right; t.found += u.found; t.wanted += u.wanted }

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

func (t tally) f1() float64 { return ratio(2*t.right, t.found+t.wanted) }

func (t tally) String() string {
	return fmt.Sprintf("%4d %5d %6d  %.3f  %.3f  %.3f", t.wanted, t.found, t.right, ratio(t.right, t.found), ratio(t.right, t.wanted), t.f1())
}

// result is how one text went.
type result struct{ items, speakers, givers, announced, level, kind, date, place, roles, posts tally }

// rows are the tallies in the order of the table.
func (r *result) rows() []row {
	return []row{{"items", &r.items}, {"speakers", &r.speakers}, {"who gave items", &r.givers}, {"announced", &r.announced}, {"level", &r.level},
		{"form", &r.kind}, {"date", &r.date}, {"place", &r.place}, {"roles of people", &r.roles}, {"posts of people", &r.posts}}
}

type row struct {
	name string
	t    *tally
}

// sharedTexts is the folder of texts that are not part of the project, or "".
func sharedTexts() string {
	for _, dir := range []string{os.Getenv("LUOSHI_SHARED"), "../../../shared"} {
		if info, err := os.Stat(filepath.Join(dir, "meetings")); dir != "" && err == nil && info.IsDir() {
			return filepath.Join(dir, "meetings")
		}
	}
	return ""
}

// TestMeasure measures the reader against labels made by hand, prints the table and holds the line.
func TestMeasure(t *testing.T) {
	rounds, err := filepath.Glob("testdata/round*")
	if err != nil {
		t.Fatal(err)
	}
	var whole result
	for _, set := range append([]string{"testdata/made", "testdata/shared"}, rounds...) {
		texts := set
		if set == "testdata/shared" {
			texts = sharedTexts()
		}
		if texts == "" {
			t.Logf("measure: ../shared absent, %s is left out", set)
			continue
		}
		sum := measureSet(t, set, texts)
		t.Log("\n" + sum.table(strings.TrimPrefix(set, "testdata/")))
		whole.add(sum)
	}
	t.Log("\n" + whole.table("all"))
	for _, row := range whole.rows() {
		if row.t.f1() < 0.97 {
			t.Errorf("F1 of %s is %.3f, less than 0.97", row.name, row.t.f1())
		}
	}
}

func (r *result) add(s result) {
	for i, row := range r.rows() {
		row.t.add(*s.rows()[i].t)
	}
}

func (r *result) table(title string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "measure: %-18s there found  right  prec.  recall F1\n", title)
	for _, row := range r.rows() {
		if row.t.found+row.t.wanted > 0 {
			fmt.Fprintf(&b, "measure: %-18s %s\n", row.name, *row.t)
		}
	}
	return b.String()
}

func measureSet(t *testing.T, dir, texts string) result {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no labels in %s", dir)
	}
	var sum result
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var want labels
		if err := json.Unmarshal(b, &want); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		raw, err := os.ReadFile(filepath.Join(texts, want.File))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(raw)); got != want.SHA256 {
			t.Errorf("%s: the text is not the one that was labelled (%s)", want.File, got)
			continue
		}
		one := measureText(t, raw, want)
		t.Logf("%s: items %s", want.File, one.items)
		sum.add(one)
	}
	return sum
}

// measureText compares one text. An item is right only if it begins and ends at the very rune and stands as deep.
func measureText(t *testing.T, raw []byte, want labels) result {
	t.Helper()
	r, err := report.Open(context.Background(), raw, nil)
	if err != nil { // refused: nothing is found of what there is
		t.Logf("%s: %v", want.File, err)
		r = &report.Report{Text: string(raw)}
	}
	whole := string(raw)
	shift := len([]rune(whole)) - len([]rune(r.Text)) // the note above the text, which is no part of it
	if !strings.HasSuffix(whole, r.Text) {
		t.Fatalf("%s: the text was changed", want.File)
	}
	words := func(p place) string { return string([]rune(whole)[p.Start:p.End]) }
	var out result
	var wanted, found, wantGivers, gotGivers, wantCounts, gotCounts []string
	for _, d := range want.Decisions {
		giver := ""
		if d.Speaker != nil {
			giver = words(*d.Speaker)
		}
		flatLabels(d.Items, 0, func(at string) { wanted, wantGivers = append(wanted, at), append(wantGivers, at+giver) })
		if d.Announced != nil {
			wantCounts = append(wantCounts, fmt.Sprint(*d.Announced, d.Items[0].Start))
		}
	}
	for _, d := range r.Decisions {
		flatItems(d.Items, 0, shift, func(at string) {
			found, gotGivers = append(found, at), append(gotGivers, at+d.Speaker.Text)
		})
		if d.Announced != nil {
			gotCounts = append(gotCounts, fmt.Sprint(*d.Announced, d.Items[0].Start+shift))
		}
	}
	out.items, out.givers = compare(wanted, found), compare(both(wantGivers, wanted, found), both(gotGivers, found, wanted))
	out.announced = compare(wantCounts, gotCounts)
	out.speakers = compare(names(want.Speakers, words), speakersOf(r))
	out.level = compare([]string{text(want.Level)}, []string{text(r.Form.DownTo)})
	out.kind = compare([]string{text(want.Kind)}, []string{text(r.Form.Kind)})
	explain(t, want.File, []rune(whole), wanted, found)
	if want.People != nil {
		measureMeeting(t, want, r, &out)
	}
	if out.speakers.f1() < 1 || out.level.f1() < 1 || out.kind.f1() < 1 || out.givers.f1() < 1 || out.announced.f1() < 1 {
		t.Logf("%s: speakers %v %v, level %s %s, form %s %s, announced %v %v, givers %+v", want.File, names(want.Speakers, words), speakersOf(r),
			text(want.Level), text(r.Form.DownTo), text(want.Kind), text(r.Form.Kind), wantCounts, gotCounts, out.givers)
	}
	return out
}

// measureMeeting compares when and where it was and who took part. Somebody who did something else there took part, too,
// whether the text says so or not.
func measureMeeting(t *testing.T, want labels, r *report.Report, out *result) {
	t.Helper()
	date := ""
	if r.Date != nil {
		date = strings.TrimSuffix(r.Date.Value+"/"+r.Date.Until, "/")
	}
	out.date = compare([]string{text(want.Date)}, []string{date})
	out.place = compare([]string{text(want.Place)}, []string{r.Place.Text})
	var wanted, found, wantPosts, gotPosts []string
	once := func(list *[]string, word string) {
		if !slices.Contains(*list, word) {
			*list = append(*list, word)
		}
	}
	for _, p := range want.People {
		for _, role := range p.Roles {
			once(&wanted, p.Name+" "+role)
		}
		for _, post := range p.Posts {
			once(&wantPosts, p.Name+" "+post)
		}
	}
	for _, p := range r.People {
		if p.Name.IsZero() {
			continue
		}
		for _, role := range p.Roles {
			once(&found, p.Name.Text+" "+string(role))
		}
		for _, post := range p.Posts {
			once(&gotPosts, p.Name.Text+" "+post.Text)
		}
	}
	busy := func(list []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(x string) bool {
			name, attends := strings.CutSuffix(x, " attendee")
			return attends && slices.ContainsFunc(list, func(y string) bool { return y != x && strings.HasPrefix(y, name+" ") })
		})
	}
	wanted, found = busy(wanted), busy(found)
	out.roles, out.posts = compare(wanted, found), compare(wantPosts, gotPosts)
	for _, x := range []struct {
		what string
		t    tally
		want any
		got  any
	}{{"date", out.date, text(want.Date), date}, {"place", out.place, text(want.Place), r.Place.Text}, {"roles", out.roles, wanted, found},
		{"posts", out.posts, wantPosts, gotPosts}} {
		if x.t.f1() < 1 {
			t.Logf("%s: %s %q, read %q", want.File, x.what, x.want, x.got)
		}
	}
}

// both keeps those whose item both sides have, so that attribution is counted apart from finding.
func both(list, own, other []string) []string {
	var out []string
	for i, x := range list {
		if slices.Contains(other, own[i]) {
			out = append(out, x)
		}
	}
	return out
}

func flatLabels(list []label, depth int, each func(at string)) {
	for _, l := range list {
		each(fmt.Sprintf("%d %d-%d ", depth, l.Start, l.End))
		flatLabels(l.Items, depth+1, each)
	}
}

func flatItems(list []report.Item, depth, shift int, each func(at string)) {
	for _, i := range list {
		each(fmt.Sprintf("%d %d-%d ", depth, i.Start+shift, i.End+shift))
		flatItems(i.Items, depth+1, shift, each)
	}
}

func compare(wanted, found []string) tally {
	out := tally{found: len(found), wanted: len(wanted)}
	left := slices.Clone(wanted)
	for _, f := range found {
		if i := slices.Index(left, f); i >= 0 {
			left = slices.Delete(left, i, i+1)
			out.right++
		}
	}
	return out
}

func names(list []place, words func(place) string) []string {
	var out []string
	for _, p := range list {
		if name := words(p); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

func speakersOf(r *report.Report) []string {
	var out []string
	for _, p := range r.People {
		if slices.Contains(p.Roles, report.Speaker) && !slices.Contains(out, p.Name.Text) {
			out = append(out, p.Name.Text)
		}
	}
	return out
}

func text(s *string) string { return *cmp.Or(s, new(string)) }

// explain logs what was missed and what was too much, for whoever improves the reader.
func explain(t *testing.T, file string, whole []rune, wanted, found []string) {
	t.Helper()
	show := func(sign string, list, other []string) {
		for _, at := range list {
			if slices.Contains(other, at) {
				continue
			}
			var depth, start, end int
			if _, err := fmt.Sscanf(at, "%d %d-%d", &depth, &start, &end); err != nil {
				t.Fatal(err)
			}
			words := strings.ReplaceAll(string(whole[start:end]), "\n", "/")
			if runes := []rune(words); len(runes) > 50 {
				words = string(runes[:34]) + "…" + string(runes[len(runes)-12:])
			}
			t.Logf("%s: %s %s%s", file, sign, at, words)
		}
	}
	show("missed", wanted, found)
	show("too much", found, wanted)
}
