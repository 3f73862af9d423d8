package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// due runs the command in this process.
func due(stdin string, args ...string) (code int, stdout, stderr string) {
	var out, errs strings.Builder
	code = runDue(args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

const dueOfficeICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n" +
	"DTSTART;VALUE=DATE:20260312\r\nSUMMARY:Office day\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func TestDueAnswersInJSON(t *testing.T) {
	file := filepath.Join(t.TempDir(), "office.ics")
	if err := os.WriteFile(file, []byte(dueOfficeICS), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, args, target, due string }{
		{"rolls by unit", "--from 2026-02-05 --period 15d", "2026-02-20", "2026-02-24"},
		{"rolls when told", "--from 2026-02-05 --period 15d --roll=true", "2026-02-20", "2026-02-24"},
		{"rolls by the bare option", "--from 2026-02-05 --period 15d --roll", "2026-02-20", "2026-02-24"},
		{"does not roll when told not to", "--from 2026-02-05 --period 15d --roll=false", "2026-02-20", "2026-02-20"},
		{"takes a time of day", "--from 2026-02-05T23:59 --period 15d", "2026-02-20", "2026-02-24"},
		{"takes seconds", "--from 2026-02-05T23:59:59 --period 24h", "2026-02-06T23:59:59+08:00", "2026-02-06T23:59:59+08:00"},
		{"takes the day in the zone", "--from 2026-02-05T17:00:00Z --period 1wd", "2026-02-09", "2026-02-09"},
		{"takes another zone", "--from 2026-02-05T17:00:00Z --period 1wd --tz UTC", "2026-02-06", "2026-02-06"},
		{"counts hours", "--from 2026-02-05T15:04 --period 24h", "2026-02-06T15:04:00+08:00", "2026-02-06T15:04:00+08:00"},
		{"counts months", "--from 2025-12-31 --period 2mo", "2026-02-28", "2026-02-28"},
		{"is at once", "--from 2026-02-05 --period at-once", "2026-02-05", "2026-02-05"},
		{"suspends and extends", "--from 2026-01-05 --period 30d --suspend 2026-01-10/2026-01-15 --suspend 2026-01-15T09:00/2026-01-20T10:00 --extend 5d --extend 1wd", "2026-02-24", "2026-02-24"},
		{"ends on a day that was set", "--from 2026-04-01T10:00 --until 2026-05-01", "2026-05-01", "2026-05-01"},
		{"rolls a day that was set when told", "--from 2026-04-01 --until 2026-05-01 --roll", "2026-05-01", "2026-05-06"},
		{"takes only weekends", "--from 2026-02-05 --period 15d --calendar weekend", "2026-02-20", "2026-02-20"},
		{"takes a file", "--from 2026-03-02 --period 10d --calendar " + file, "2026-03-12", "2026-03-13"},
		{"takes standard input", "--from 2026-03-02 --period 10d --calendar -", "2026-03-12", "2026-03-13"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := due(dueOfficeICS, append(strings.Fields(c.args), "--json")...)
			var got struct {
				Target, Due string
				Provisional *bool
				Explanation []struct{ Rule, Text string }
			}
			if err := json.Unmarshal([]byte(out), &got); code != exitDone || err != nil || errs != "" {
				t.Fatalf("exit %d, %v\n%s%s", code, err, out, errs)
			}
			if got.Target != c.target || got.Due != c.due || got.Provisional == nil || *got.Provisional {
				t.Errorf("got %s; want %s, %s", out, c.target, c.due)
			}
			if len(got.Explanation) < 3 || got.Explanation[0].Rule != "start" || got.Explanation[0].Text == "" {
				t.Errorf("explanation %+v", got.Explanation)
			}
		})
	}
}

func TestDueSaysWhatIsProvisionalOrSuspended(t *testing.T) {
	_, out, _ := due("", "--from", "2026-12-29", "--period", "10wd", "--json")
	if !strings.HasPrefix(out, `{"target":"2027-01-12","due":"2027-01-12","provisional":true,`) {
		t.Errorf("provisional: %s", out)
	}
	_, out, _ = due("", "--from", "2026-03-02", "--period", "10d", "--suspend", "2026-03-05/", "--json")
	if !strings.HasPrefix(out, `{"target":null,"due":null,"provisional":false,"suspended":true,"remaining":"8d",`) {
		t.Errorf("suspended: %s", out)
	}
}

func TestDueReadsWellForPeople(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"--from 2026-02-05 --period 15d", "target\t2026-02-20\ndue\t2026-02-24\n\n1. The starting day"},
		{"--from 2026-02-05 --period 15d --lang zh", "届满\t2026-02-20\n截止\t2026-02-24\n\n1. 开始之日"},
		{"--from 2026-12-29 --period 10wd --lang zh", "暂定\t是\n"},
		{"--from 2026-03-02 --period 10d --suspend 2026-03-05/", "suspended, remaining\t8 days\n"},
	} {
		if code, out, _ := due("", strings.Fields(c.args)...); code != exitDone || !strings.Contains(out, c.want) {
			t.Errorf("%s: exit %d\n%s\nwant %q", c.args, code, out, c.want)
		}
	}
	if code, out, errs := due("", "--help"); code != exitDone || !strings.Contains(out, "Example:\n  luoshi due --from") || errs != "" {
		t.Errorf("--help: exit %d\n%s%s", code, out, errs)
	}
}

func TestDueExplainsMisuse(t *testing.T) {
	for args, want := range map[string]string{
		"":                                                                     "--from and --period are required",
		"--from 2026-02-05":                                                    "--from and --period are required",
		"--from 2026-02-30 --period 15d":                                       "--from: date",
		"--from 2026-02-05T25:00 --period 15d":                                 "--from: time",
		"--from 2026-02-05 --period 15":                                        "--period: period",
		"--from 2026-02-05 --period 0d":                                        "from 1 to 100000",
		"--from 2026-02-05 --period -3d":                                       "--period",
		"--from 2026-02-05 --period 9000y":                                     "after the year 9999",
		"--from 2026-02-05 --period 15d --extend x":                            "--extend",
		"--from 2026-02-05 --period 15d --extend at-once":                      "by how long",
		"--from 2026-02-05 --period 15d --suspend 2026-02-06":                  "A/B",
		"--from 2026-02-05 --period 15d --suspend 2026-02-06/x":                "--suspend",
		"--from 2026-02-05 --period 15d --suspend /2026-02-06":                 "--suspend",
		"--from 2026-02-05 --period 15d --suspend 2026-02-06/2026-02-01":       "ends before it begins",
		"--from 2026-02-05 --period 15d --calendar mars":                       "cn, weekend",
		"--from 2026-02-05 --period 15d --calendar -":                          "standard input",
		"--from 2026-02-05 --period 15d --tz Mars/Base":                        "--tz",
		"--from 2026-02-05 --period 15d --tz Local":                            "--tz",
		"--from 2026-02-05 --period 15d --lang fr":                             "zh or en",
		"--from 2026-02-05 --period 15d --roll=perhaps":                        "--roll=true or --roll=false",
		"--from 2026-02-05 --period 15d --roll false":                          "equals sign",
		"--from 2026-02-05 --period 15d --every":                               "-every",
		"--from 2026-02-05 --period 15d now":                                   "unexpected argument",
		"--from 0001-01-01T00:00:00Z --period 15d":                             "",
		"--from 2026-02-05 --period 15d --suspend 2026-02-06/2026-02-07/extra": "A/B",
	} {
		code, out, errs := due("", strings.Fields(args)...)
		if code != exitMisuse || out != "" || !strings.Contains(errs, want) || errs == "" {
			t.Errorf("%s: exit %d\n%s%s\nwant %q", args, code, out, errs, want)
		}
	}
}

func TestDueOfADayThatWasSetWithoutAStart(t *testing.T) {
	day := time.Now().AddDate(0, 0, 40).Format(time.DateOnly)
	if code, out, errs := due("", "--until", day); code != exitDone || !strings.HasPrefix(out, "target\t"+day+"\ndue\t"+day+"\n") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	if code, out, errs := due("", "--until", day, "--lang", "zh"); code != exitDone || !strings.HasPrefix(out, "届满\t"+day) {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	for _, c := range []struct{ args, says string }{
		{"", "--from and --period are required, or --until"},
		{"--from 2026-04-01", "or --until"},
		{"--until tomorrow", "--until: "},
		{"--until 2026-05-01 --period 5d", "takes no --period"},
		{"--until 2026-05-01 --extend 5d", "more time is another day"},
		{"--until 2026-05-01 --from 2026-06-01", "lies before the start"},
	} {
		if code, out, errs := due("", strings.Fields(c.args)...); code != exitMisuse || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%q: exit %d: %s%s", c.args, code, out, errs)
		}
	}
}
