package feed

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// failing is a test or a property test.
type failing interface {
	Helper()
	Fatalf(format string, args ...any)
}

var contentLine = regexp.MustCompile(`^([A-Z-]+)((?:;[A-Z-]+=[^:;,"]+)*):(.*)$`)

// follows checks a calendar against RFC 5545 by the text of the RFC and without the library that wrote it: line ends and
// lengths (3.1), characters and escapes (3.3.11), what a calendar, an event and an alarm must and must not have (3.6).
func follows(t failing, b []byte) {
	t.Helper()
	if !utf8.Valid(b) || !bytes.HasSuffix(b, []byte("\r\n")) {
		t.Fatalf("not UTF-8, or the last line does not end")
	}
	raw := strings.Split(strings.TrimSuffix(string(b), "\r\n"), "\r\n")
	for _, l := range raw {
		if len(l) > 75 || strings.ContainsAny(l, "\r\n") || !utf8.ValidString(l) {
			t.Fatalf("a line of %d octets, one that is broken, or a character cut in two: %q", len(l), l)
		}
	}
	var open []string
	has := map[string][]string{} // of the innermost component
	var outer []map[string][]string
	seen := map[string]bool{}
	for _, l := range unfolded(raw) {
		m := contentLine.FindStringSubmatch(l)
		if m == nil {
			t.Fatalf("no content line: %q", l)
		}
		name, value := m[1], m[3]
		plain(t, name, value)
		parameters := regexp.MustCompile(`[A-Z-]+=`).FindAllString(m[2], -1)
		if slices.Sort(parameters); len(slices.Compact(slices.Clone(parameters))) < len(parameters) {
			t.Fatalf("a parameter stands twice: %q", l)
		}
		switch name {
		case "BEGIN":
			open, outer, has = append(open, value), append(outer, has), map[string][]string{}
		case "END":
			if len(open) == 0 || open[len(open)-1] != value {
				t.Fatalf("END:%s within %v", value, open)
			}
			complete(t, value, has)
			if value == "VEVENT" {
				if uid := has["UID"][0]; seen[uid] {
					t.Fatalf("two events with the UID %s", uid)
				} else {
					seen[uid] = true
				}
			}
			open, has, outer = open[:len(open)-1], outer[len(outer)-1], outer[:len(outer)-1]
		default:
			has[name] = append(has[name], value)
		}
	}
	if len(open) > 0 {
		t.Fatalf("%v do not end", open)
	}
}

func unfolded(raw []string) []string {
	var lines []string
	for _, l := range raw {
		if rest, folded := strings.CutPrefix(l, " "); folded && len(lines) > 0 {
			lines[len(lines)-1] += rest
			continue
		}
		lines = append(lines, l)
	}
	return lines
}

// escaped is what a TEXT value may hold: no bare comma, semicolon or backslash, and no control character.
var escaped = regexp.MustCompile(`^(?:\\[\\;,nN]|[^\\;,\x00-\x08\x0a-\x1f\x7f])*$`)

func plain(t failing, name, value string) {
	t.Helper()
	texts := []string{"SUMMARY", "DESCRIPTION", "LOCATION", "CATEGORIES", "NAME", "X-WR-CALNAME", "UID", "PRODID"}
	if slices.Contains(texts, name) && !escaped.MatchString(value) {
		t.Fatalf("%s is not escaped: %q", name, value)
	}
}

var (
	instant  = regexp.MustCompile(`^\d{8}T\d{6}Z$`)
	date     = regexp.MustCompile(`^\d{8}$`)
	duration = regexp.MustCompile(`^-?P(\d+D|T\d+H)$`)
)

// complete checks what a component has: each of once exactly once, and nothing twice that may stand once.
func complete(t failing, component string, has map[string][]string) {
	t.Helper()
	once := map[string][]string{"VCALENDAR": {"PRODID", "VERSION"}, "VEVENT": {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "STATUS", "LAST-MODIFIED"},
		"VALARM": {"ACTION", "TRIGGER", "DESCRIPTION"}}[component]
	if once == nil {
		t.Fatalf("a component %s", component)
	}
	for _, name := range once {
		if len(has[name]) != 1 {
			t.Fatalf("%s has %d of %s", component, len(has[name]), name)
		}
	}
	for name, values := range has {
		if len(values) > 1 {
			t.Fatalf("%s has %d of %s", component, len(values), name)
		}
	}
	form := func(re *regexp.Regexp, names ...string) {
		for _, name := range names {
			for _, v := range has[name] {
				if !re.MatchString(v) {
					t.Fatalf("%s:%s", name, v)
				}
			}
		}
	}
	form(instant, "DTSTAMP", "LAST-MODIFIED", "DTEND")
	form(regexp.MustCompile(instant.String()+"|"+date.String()), "DTSTART")
	form(duration, "TRIGGER", "REFRESH-INTERVAL", "X-PUBLISHED-TTL")
	form(regexp.MustCompile(`^(TENTATIVE|CONFIRMED|CANCELLED)$`), "STATUS")
	if ends := has["DTEND"]; len(ends) == 1 && ends[0] <= has["DTSTART"][0] {
		t.Fatalf("it ends at %s and begins at %s", ends[0], has["DTSTART"][0])
	}
}
