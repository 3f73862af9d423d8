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
			end, plain := stringEnd(text, i+1)
			if end < 0 {
				return false
			}
			if name {
				this := text[i+1 : end]
				if !plain || top.last != nil && bytes.Compare(top.last, this) >= 0 {
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

// stringEnd finds the closing quote of a string that begins at i, and whether all in it is plain ASCII; -1 when
// it is not closed.
func stringEnd(text []byte, i int) (end int, plain bool) {
	plain = true
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return i, plain
		case c == '\\':
			plain = false
			i++
		case c >= 0x80:
			plain = false
		}
	}
	return -1, false
}
