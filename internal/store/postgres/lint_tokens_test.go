package postgres_test

import (
	"strings"
	"unicode"
)

// token is a piece of SQL that counts: no space, no comment.
type token struct {
	text string // a word in small letters; a quoted name without its quotes; a string with its quotes
	kind tokenKind
	line int
}

type tokenKind int

const (
	isWord   tokenKind = iota // a keyword or a name
	isQuoted                  // a name in double quotes
	isString                  // '…', E'…', $$…$$
	isParam                   // $1
	isNumber
	isSign // everything else, one character each
)

// tokens cuts SQL into pieces by PostgreSQL's lexical rules. Line is the number of the first line.
func tokens(sql string, line int) []token {
	var out []token
	for len(sql) > 0 {
		n, kind, keep := next(sql)
		if keep {
			text := sql[:n]
			switch kind {
			case isWord:
				text = strings.ToLower(text)
			case isQuoted:
				text = strings.ReplaceAll(text[1:n-1], `""`, `"`)
			}
			out = append(out, token{text, kind, line})
		}
		line += strings.Count(sql[:n], "\n")
		sql = sql[n:]
	}
	return out
}

// next is the length and kind of the first piece, and whether it counts.
func next(sql string) (n int, kind tokenKind, keep bool) {
	r := rune(sql[0])
	switch {
	case unicode.IsSpace(r):
		return 1, 0, false
	case strings.HasPrefix(sql, "--"):
		return until(sql, "\n", 0), 0, false
	case strings.HasPrefix(sql, "/*"):
		return comment(sql), 0, false
	case r == '"':
		return quoted(sql, '"', 1, false), isQuoted, true
	case r == '\'':
		return quoted(sql, '\'', 1, false), isString, true
	case (r == 'e' || r == 'E') && strings.HasPrefix(sql[1:], "'"):
		return quoted(sql, '\'', 2, true), isString, true
	case r == '$':
		return dollar(sql)
	case isNameStart(r):
		return run(sql, func(r rune) bool { return isNameStart(r) || unicode.IsDigit(r) || r == '$' }), isWord, true
	case unicode.IsDigit(r):
		return run(sql, func(r rune) bool { return unicode.IsDigit(r) || r == '.' || r == '_' }), isNumber, true
	}
	return 1, isSign, true
}

func isNameStart(r rune) bool { return r == '_' || unicode.IsLetter(r) || r > 127 }

func run(sql string, in func(rune) bool) int {
	for i, r := range sql {
		if !in(r) {
			return i
		}
	}
	return len(sql)
}

// until is where end ends, or the end of all.
func until(sql, end string, from int) int {
	if i := strings.Index(sql[from:], end); i >= 0 {
		return from + i + len(end)
	}
	return len(sql)
}

// comment is the length of a comment, which may hold others.
func comment(sql string) int {
	depth := 0
	for i := 0; i < len(sql); i++ {
		switch {
		case strings.HasPrefix(sql[i:], "/*"):
			depth++
			i++
		case strings.HasPrefix(sql[i:], "*/"):
			depth--
			i++
			if depth == 0 {
				return i + 1
			}
		}
	}
	return len(sql)
}

// quoted is the length of what stands in quotes; a doubled quote is one inside, and where backslashes count,
// what follows one is inside too.
func quoted(sql string, quote byte, from int, backslash bool) int {
	for i := from; i < len(sql); i++ {
		switch {
		case backslash && sql[i] == '\\':
			i++
		case sql[i] == quote && i+1 < len(sql) && sql[i+1] == quote:
			i++
		case sql[i] == quote:
			return i + 1
		}
	}
	return len(sql)
}

// dollar is a parameter, $1, or a string, $tag$…$tag$.
func dollar(sql string) (int, tokenKind, bool) {
	if n := 1 + run(sql[1:], unicode.IsDigit); n > 1 {
		return n, isParam, true
	}
	n := 1 + run(sql[1:], func(r rune) bool { return isNameStart(r) || unicode.IsDigit(r) })
	if n < len(sql) && sql[n] == '$' {
		return until(sql, sql[:n+1], n+1), isString, true
	}
	return 1, isSign, true
}

// statements cuts at semicolons.
func statements(all []token) [][]token {
	var out [][]token
	var s []token
	for _, t := range all {
		if t.kind == isSign && t.text == ";" {
			out, s = append(out, s), nil
			continue
		}
		s = append(s, t)
	}
	out = append(out, s)
	kept := out[:0]
	for _, s := range out {
		if len(s) > 0 {
			kept = append(kept, s)
		}
	}
	return kept
}

// group is SQL between parentheses, or a whole statement: tokens, with a group in place of each pair.
type group struct {
	items []item
}

type item struct {
	token
	inner *group // not nil: parentheses; token is the opening one
}

// nest finds the parentheses.
func nest(ts []token) *group {
	g, _ := nestFrom(ts, 0)
	return g
}

func nestFrom(ts []token, i int) (*group, int) {
	g := &group{}
	for ; i < len(ts); i++ {
		switch t := ts[i]; {
		case t.kind == isSign && t.text == ")":
			return g, i
		case t.kind == isSign && t.text == "(":
			inner, end := nestFrom(ts, i+1)
			g.items = append(g.items, item{t, inner})
			i = end
		default:
			g.items = append(g.items, item{token: t})
		}
	}
	return g, i
}

// is reports whether item i exists and is one of the words.
func (g *group) is(i int, words ...string) bool {
	if i < 0 || i >= len(g.items) || g.items[i].inner != nil || g.items[i].kind == isString || g.items[i].kind == isQuoted {
		return false
	}
	for _, w := range words {
		if g.items[i].text == w {
			return true
		}
	}
	return false
}

// name reports whether item i can be a name, and which.
func (g *group) name(i int) (string, bool) {
	if i < 0 || i >= len(g.items) || g.items[i].inner != nil || g.items[i].kind != isWord && g.items[i].kind != isQuoted {
		return "", false
	}
	return g.items[i].text, true
}
