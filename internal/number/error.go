package number

import (
	"fmt"
	"unicode"
)

// Problem is the kind of fault found in a number or a query code.
type Problem int

// The faults. The order has no meaning.
const (
	WrongLength    Problem = iota + 1 // too many or too few characters
	WrongCharacter                    // a character that never occurs
	WrongCheck                        // the check character does not fit
	NeverGiven                        // well formed, but no such number is ever given out
)

// Error says what is wrong with what a person typed. It never repeats the
// input, which may be a secret, beyond the one character it complains of.
type Error struct {
	Problem   Problem
	Code      bool // about a query code, not about a matter's number
	Found     int  // characters found, for WrongLength
	Character rune // the offending character, for WrongCharacter
}

// Error is the English text.
func (e *Error) Error() string { return e.Text("en") }

// Text is the message in Chinese for "zh" and its variants, otherwise English.
func (e *Error) Text(lang string) string {
	if len(lang) >= 2 && lang[:2] == "zh" {
		return e.chinese()
	}
	return e.english()
}

func (e *Error) english() string {
	what, want := "matter number", digits+1
	if e.Code {
		what, want = "query code", codeLength
	}
	switch e.Problem {
	case WrongLength:
		return fmt.Sprintf("the %s must have %d characters without dashes; %d were given", what, want, e.Found)
	case WrongCharacter:
		return fmt.Sprintf("the %s cannot contain %s", what, e.shown())
	case WrongCheck:
		return fmt.Sprintf("the check character of the %s does not fit: a digit is wrong or two are swapped", what)
	default:
		return fmt.Sprintf("no such %s is ever given out", what)
	}
}

func (e *Error) chinese() string {
	what, want := "事项编号", digits+1
	if e.Code {
		what, want = "查询码", codeLength
	}
	switch e.Problem {
	case WrongLength:
		return fmt.Sprintf("%s应为%d位(不计连字符),现为%d位", what, want, e.Found)
	case WrongCharacter:
		return fmt.Sprintf("%s中不能有%s", what, e.shown())
	case WrongCheck:
		return fmt.Sprintf("%s的校验位不符:有数字输错,或相邻两位颠倒", what)
	default:
		return fmt.Sprintf("%s不存在:不会发出这样的号码", what)
	}
}

// shown quotes the offending character; what cannot be printed is shown by its
// code point, so that a message cannot smuggle control characters to a page.
func (e *Error) shown() string {
	if unicode.IsGraphic(e.Character) && !unicode.IsMark(e.Character) && e.Character != '"' {
		return `"` + string(e.Character) + `"`
	}
	return fmt.Sprintf("U+%04X", e.Character)
}
