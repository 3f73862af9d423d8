package procedure

import (
	"strings"

	"golang.org/x/text/width"
)

// Checksums that a string field may ask for.
const (
	// ChecksumMod11 is ISO 7064 MOD 11-2: digits and at the end a check character 0–9 or X, as GB 11643-1999 has it for
	// citizen numbers.
	ChecksumMod11 = "iso7064-mod11-2"
	// ChecksumGB32100 is the unified code of organisations of GB 32100-2015: 18 characters, the last of them a check
	// character modulo 31.
	ChecksumGB32100 = "gb32100"
)

// FieldChecksum is the code of a field error: a character of an identifier is wrong, or two have changed places.
const FieldChecksum = "checksum"

// identifier brings an identifier into the form in which it is checked and kept: the characters of a plain keyboard,
// capital letters, no spaces or hyphens between groups.
func identifier(s string) string {
	s = strings.ToUpper(width.Narrow.String(s))
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u00a0', '\u3000', '\t', '-', '\u2010', '\u2011', '\u2013':
			return -1
		}
		return r
	}, s)
}

func (f *Field) checkChecksum(s string) (any, *FieldError) {
	right := mod11(s)
	if f.Checksum == ChecksumGB32100 {
		right = gb32100(s)
	}
	if !right {
		e := f.fault(FieldChecksum, "“%s”有一位写错了，或者有两位写反了。请对照证件再看一遍。",
			"One character of “%s” is wrong, or two have changed places. Please compare it with the paper.")
		return nil, &e
	}
	return s, nil
}

// mod11 verifies a string by ISO 7064 MOD 11-2: with weights 2^0, 2^1 … from the right, X for ten at the right end only,
// the sum leaves 1 modulo 11.
func mod11(s string) bool {
	if len(s) < 2 {
		return false
	}
	sum := 0
	for i := range len(s) {
		digit := int(s[i] - '0')
		switch {
		case s[i] == 'X' && i == len(s)-1:
			digit = 10
		case s[i] < '0' || s[i] > '9':
			return false
		}
		sum = (2*sum + digit) % 11
	}
	return sum == 1
}

// gb32100Characters are the characters of a unified code in the order of their values: no I, O, S, V, Z (GB 32100-2015,
// table 1).
const gb32100Characters = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// gb32100 verifies a unified code: with weights 3^0, 3^1 … modulo 31 from the left, the sum of all 18 values, the last
// with weight 1, is a multiple of 31 (GB 32100-2015, annex A).
func gb32100(s string) bool {
	if len(s) != 18 {
		return false
	}
	sum, weight := 0, 1
	for i := range len(s) {
		value := strings.IndexByte(gb32100Characters, s[i])
		if value < 0 {
			return false
		}
		if i == len(s)-1 {
			weight = 1
		}
		sum += value * weight
		weight = weight * 3 % 31
	}
	return sum%31 == 0
}

// checksum checks what a field says of its check digit.
func (c *checker) checksum(path string, f *Field) {
	if f.Checksum == "" {
		return
	}
	c.oneOf(path+".checksum", f.Checksum, ChecksumMod11, ChecksumGB32100)
	if f.Type != TypeString {
		c.at(path+".checksum", ruleFieldLimits, "checksum is for fields of type string")
	}
}
