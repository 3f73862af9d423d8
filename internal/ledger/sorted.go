package ledger

import "bytes"

// sortedNames reports that in JSON text without white space every object's member names ascend, are ASCII and
// hold no escapes: then RFC 8785 would not move any. It is quick and only says yes when it is sure; the text
// must be valid JSON.
func sortedNames(text []byte) bool {
	type level struct {
		object bool
		last   []byte // name of the member before; nil: none yet
	}
	stack := make([]level, 1, 16)
	name := false // the next string is a member's name
	for i := 0; i < len(text); i++ {
		top := &stack[len(stack)-1]
		switch text[i] {
		case '{', '[':
			object := text[i] == '{'
			stack = append(stack, level{object: object})
			name = object
		case '}', ']':
			if len(stack) == 1 {
				return false
			}
			stack, name = stack[:len(stack)-1], false
		case ',':
			name = top.object
		case ':':
			name = false
		case '"':
			end := stringEnd(text, i+1)
			if end < 0 {
				return false
			}
			if name {
				this := text[i+1 : end]
				if !plain(this) || top.last != nil && bytes.Compare(top.last, this) >= 0 {
					return false
				}
				top.last = this
			}
			i = end
		case ' ', '\t', '\n', '\r':
			return false
		}
	}
	return true
}

// stringEnd finds the closing quote of a string whose text begins at i; -1 when it is not closed.
func stringEnd(text []byte, i int) int {
	for from := i; ; from++ {
		n := bytes.IndexByte(text[from:], '"')
		if n < 0 {
			return -1
		}
		from += n
		escapes := 0
		for from-escapes > i && text[from-escapes-1] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return from
		}
	}
}

// plain reports that the inside of a string is ASCII without escapes.
func plain(inside []byte) bool {
	for _, c := range inside {
		if c >= 0x80 || c == '\\' {
			return false
		}
	}
	return true
}
