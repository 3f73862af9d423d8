package meeting

import (
	"strings"
	"unicode"
)

// Person is somebody who comes, or came, to a meeting.
type Person struct{ Name, Post string }

// ParsePeople reads who comes, a line for each person: name and post. In Chinese the name ends at the first space;
// otherwise it ends at a comma or a tab, for names of other scripts have spaces.
func ParsePeople(text string) []Person {
	var people []Person
	for line := range strings.Lines(text) {
		if p := parsePerson(line); p.Name != "" {
			people = append(people, p)
		}
	}
	return people
}

func parsePerson(line string) Person {
	line = strings.Trim(strings.TrimSpace(line), ",，、;；")
	han := strings.IndexFunc(line, func(r rune) bool { return unicode.Is(unicode.Han, r) }) == 0
	end := strings.IndexFunc(line, func(r rune) bool {
		return strings.ContainsRune("\t,，、;；　", r) || han && unicode.IsSpace(r)
	})
	if end < 0 {
		return Person{Name: line}
	}
	name, post := line[:end], strings.TrimLeft(line[end:], "\t,，、;； 　")
	return Person{Name: strings.TrimSpace(name), Post: strings.TrimSpace(post)}
}
