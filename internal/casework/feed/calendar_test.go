package feed

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write what comes out as what is wanted")

// situations are a meeting as it stands in a calendar, one after the other.
func situations() map[string]Event {
	changed := time.Date(2027, 3, 1, 2, 3, 4, 0, time.UTC)
	shanghai, london := time.FixedZone("CST", 8*60*60), time.FixedZone("BST", 60*60)
	whole := Event{UID: "2027-00000001-2@luoshi.example/log", Title: "根治拖欠农民工工资专题会议", Start: time.Date(2027, 3, 10, 9, 0, 0, 0, shanghai), End: time.Date(2027, 3, 10, 11, 30, 0, 0, shanghai),
		Place: "主楼二层，第一会议室; 3, north", About: "时间：2027-03-10 09:00–11:30（Asia/Shanghai）\n议程：\n09:00-09:20 通报一季度情况 | 省人力资源和社会保障厅\n09:20-09:50 三个市作交流发言；逗号, 分号; 反斜线\\",
		URL: "https://luoshi.example/desk/meetings/2027-00000001-2", Category: "会议", Status: Confirmed, Sequence: 4, Changed: changed}
	asked, off, declined, summer := whole, whole, whole, whole
	asked.Status, asked.WholeDay, asked.Start = Tentative, true, time.Date(2027, 3, 10, 0, 0, 0, 0, shanghai)
	off.Status, off.Free, off.Title, off.Sequence = Cancelled, true, "已取消：根治拖欠农民工工资专题会议", 7
	declined.Free, declined.Title, declined.End = true, "已请假：根治拖欠农民工工资专题会议", time.Time{}
	summer.Title, summer.Category, summer.Start, summer.End = "Flood defences: who does what, by when", "Meeting", time.Date(2027, 7, 1, 9, 30, 0, 0, london), time.Date(2027, 7, 1, 10, 30, 0, 0, london)
	return map[string]Event{"called": whole, "asked": asked, "off": off, "declined": declined, "summer": summer}
}

func TestAMeetingStandsInTheCalendarAsItWasKept(t *testing.T) {
	for name, e := range situations() {
		got := Calendar{Name: "会议", Events: []Event{e}}.Bytes()
		file := filepath.Join("testdata", name+".ics")
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), string(got)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		follows(t, got)
	}
}

func TestACalendarIsReadAgainAsItWasWritten(t *testing.T) {
	for name, e := range situations() {
		back, err := ics.ParseCalendar(bytes.NewReader(Calendar{Name: "会议", Events: []Event{e}}.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		v := back.Events()[0]
		for property, want := range map[ics.ComponentProperty]string{ics.ComponentPropertySummary: e.Title, ics.ComponentPropertyDescription: e.About,
			ics.ComponentPropertyLocation: e.Place, ics.ComponentPropertyStatus: string(e.Status), ics.ComponentPropertyUniqueId: e.UID} {
			if got := v.GetProperty(property).Value; got != want {
				t.Errorf("%s: %s is %q instead of %q", name, property, got, want)
			}
		}
		start, err := v.GetStartAt()
		if e.WholeDay {
			start, err = v.GetAllDayStartAt()
			start = time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, e.Start.Location())
		}
		if err != nil || !start.Equal(e.Start) {
			t.Errorf("%s: begins %s instead of %s (%v)", name, start, e.Start, err)
		}
		if alarms := len(v.Alarms()); (alarms == 0) != e.Free {
			t.Errorf("%s: %d alarms", name, alarms)
		}
	}
}

// Whatever is typed for a title, a place or an agenda, the calendar keeps to the rules.
func TestWhateverIsTypedTheCalendarKeepsToTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.RuneFrom([]rune(",;:\\\n\r\"会议 \u00ad\u0000\u007f")), rapid.Just('　')))
		e := situations()["called"]
		c := Calendar{Name: typed.Draw(t, "name")}
		for i := range rapid.IntRange(0, 4).Draw(t, "events") {
			e.UID = string(rune('a'+i)) + "@example"
			e.Title, e.Place, e.About = typed.Draw(t, "title"), typed.Draw(t, "place"), typed.Draw(t, "about")
			c.Events = append(c.Events, e)
		}
		follows(t, c.Bytes())
		if back, err := ics.ParseCalendar(bytes.NewReader(c.Bytes())); err != nil || len(back.Events()) != len(c.Events) {
			t.Fatalf("read again: %v", err)
		}
	})
}

func TestWhatDidNotChangeIsTheSameBytes(t *testing.T) {
	c := Calendar{Name: "会议", Events: []Event{situations()["called"], situations()["asked"]}}
	if !bytes.Equal(c.Bytes(), c.Bytes()) || strings.Contains(string(c.Bytes()), "DTSTAMP:"+time.Now().UTC().Format("20060102")) {
		t.Error("it says when it was asked for")
	}
}
