// Package number makes and reads the two things a resident holds in the hand:
// the number of a matter, which is public and carries a check character, and
// the query code, which is secret and opens the matter without an account.
//
// It is pure: no clock, no store. It must never log, keep or return a query
// code except to the caller that made it, and never say which character of a
// mistyped code or number was the right one.
package number

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Bounds of what a number can hold.
const (
	MinYear   = 1000
	MaxYear   = 9999
	MaxSerial = 99_999_999

	yearDigits   = 4
	serialDigits = 8
	digits       = yearDigits + serialDigits
)

// Format writes the number of the serial-th matter of a year in the canonical
// form YYYY-SSSSSSSS-C, for example 2026-00000123-X. C is the check character,
// 0 to 9 or X, over the twelve digits before it.
func Format(year, serial int) (string, error) {
	if year < MinYear || year > MaxYear {
		return "", fmt.Errorf("number: year %d is not between %d and %d", year, MinYear, MaxYear)
	}
	if serial < 1 || serial > MaxSerial {
		return "", fmt.Errorf("number: serial %d is not between 1 and %d", serial, MaxSerial)
	}
	var body [digits]byte
	for i, n := digits-1, year*(MaxSerial+1)+serial; i >= 0; i, n = i-1, n/10 {
		body[i] = byte('0' + n%10)
	}
	return canonical(string(body[:])), nil
}

// Parse reads a number as people write it: with or without dashes, with
// spaces, in full-width digits, with a small x. It returns the canonical form,
// or an *Error that says what is wrong in the reader's language.
func Parse(s string) (string, error) {
	body, err := squeeze(s)
	if err != nil {
		return "", err
	}
	if len(body) != digits+1 {
		return "", &Error{Problem: WrongLength, Found: len(body)}
	}
	if i := strings.IndexByte(body, 'X'); i >= 0 && i != digits {
		return "", &Error{Problem: WrongCharacter, Character: 'X'}
	}
	if check(body[:digits]) != body[digits] {
		return "", &Error{Problem: WrongCheck}
	}
	if body[0] == '0' || body[yearDigits:digits] == "00000000" {
		return "", &Error{Problem: NeverGiven}
	}
	return canonical(body[:digits]), nil
}

// Split gives the year and the serial of a number in any form that Parse reads.
func Split(s string) (year, serial int, err error) {
	n, err := Parse(s)
	if err != nil {
		return 0, 0, err
	}
	year, err = strconv.Atoi(n[:yearDigits])
	if err != nil {
		return 0, 0, err
	}
	serial, err = strconv.Atoi(n[yearDigits+1 : yearDigits+1+serialDigits])
	return year, serial, err
}

// squeeze drops separators and narrows full-width characters; what is left
// consists of digits and X only.
func squeeze(s string) (string, error) {
	b := make([]byte, 0, digits+1)
	for _, r := range narrow(s) {
		switch {
		case separator(r):
		case r >= '0' && r <= '9', r == 'X':
			b = append(b, byte(r))
		case r == 'x':
			b = append(b, 'X')
		default:
			return "", &Error{Problem: WrongCharacter, Character: r}
		}
		if len(b) > 4*digits {
			return "", &Error{Problem: WrongLength, Found: len(b)}
		}
	}
	return string(b), nil
}

// canonical puts dashes and the check character to twelve digits.
func canonical(body string) string {
	return body[:yearDigits] + "-" + body[yearDigits:] + "-" + string(check(body))
}

// check is the check character of ISO/IEC 7064 MOD 11-2, the system also used
// by GB 11643. It finds every single wrong digit and every swap of neighbours.
func check(body string) byte {
	p := 0
	for i := range len(body) {
		p = (p + int(body[i]-'0')) * 2 % 11
	}
	return "0123456789X"[(12-p)%11]
}

// narrow brings full-width characters to their ordinary form. Most of what comes has none.
func narrow(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return width.Narrow.String(s)
		}
	}
	return s
}
