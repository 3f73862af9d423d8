package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// maxExact is the largest magnitude up to which every integer has its own
// IEEE 754 double, and so survives RFC 8785 unchanged.
const maxExact = 1 << 53

// Canonical marshals v as encoding/json would (same tags, same omitempty) and
// brings the text into the canonical form of RFC 8785. It refuses invalid UTF-8,
// which encoding/json would silently replace, repeated member names, and numbers
// of magnitude above 2^53, which RFC 8785 would silently round: write those as
// strings. To canonicalise JSON text that exists already, use [Canonicalize].
func Canonical(v any) ([]byte, error) {
	text, err := json.Marshal(v, jsonv1.DefaultOptionsV1(),
		jsontext.AllowInvalidUTF8(false), // names that are repeated are found below
		jsontext.PreserveRawStrings(false), jsontext.EscapeForHTML(false), jsontext.EscapeForJS(false))
	if err != nil {
		return nil, fmt.Errorf("cannot be written as JSON: %w", err)
	}
	return Settle(text)
}

// Settle brings JSON text into the canonical form of RFC 8785, in place, with the
// refusals of [Canonical], for who wrote it without white space, its strings
// minimal and in valid UTF-8. When its names ascend, nothing is left to do.
func Settle(text []byte) ([]byte, error) {
	if plainNumbers(text) && sortedNames(text) {
		return text, nil
	}
	return canonicalizeInPlace(text)
}

// Canonicalize brings JSON text into the canonical form of RFC 8785 with the
// refusals of [Canonical]. The text itself is left as it is. Canonical text comes
// back unchanged.
func Canonicalize(text []byte) ([]byte, error) {
	return canonicalizeInPlace(bytes.Clone(text))
}

func canonicalizeInPlace(text []byte) ([]byte, error) {
	if !plainNumbers(text) {
		if err := checkNumbers(text); err != nil {
			return nil, err
		}
	}
	value := jsontext.Value(text)
	if err := value.Canonicalize(); err != nil {
		return nil, fmt.Errorf("not valid JSON: %w", err)
	}
	return value, nil
}

// plainNumbers reports that every number outside strings is an integer of at most 15 digits, which the
// canonical form keeps. It is quick and only says yes when it is sure; whether text is JSON is not its business.
func plainNumbers(text []byte) bool {
	digits := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			if i, digits = stringEnd(text, i+1), 0; i < 0 {
				return false
			}
		case c == '-' && i+1 < len(text) && text[i+1] == '0':
			return false // minus zero is written as zero
		case c >= '0' && c <= '9':
			if digits++; digits > 15 {
				return false
			}
		case c == '.' || c == 'e' && digits > 0 || c == 'E':
			return false
		default:
			digits = 0
		}
	}
	return true
}

// checkNumbers walks the tokens of one JSON value and refuses numbers that the
// canonical form could not keep.
func checkNumbers(text []byte) error {
	d := jsontext.NewDecoder(bytes.NewReader(text))
	for {
		if d.PeekKind() != '0' {
			if _, err := d.ReadToken(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return fmt.Errorf("not valid JSON: %w", err)
			}
			continue
		}
		number, err := d.ReadValue()
		if err != nil {
			return fmt.Errorf("not valid JSON: %w", err)
		}
		if !exact(string(number)) {
			return fmt.Errorf("number %.40s at %s is beyond ±2^53 and would be rounded: write it as a string", number, d.StackPointer())
		}
	}
}

// exact reports whether a JSON number lies within ±2^53. A number with fraction
// or exponent must lie strictly within, because 2^53+0.5 already rounds to 2^53.
func exact(number string) bool {
	if n, err := strconv.ParseInt(number, 10, 64); err == nil {
		return -maxExact <= n && n <= maxExact
	}
	f, err := strconv.ParseFloat(number, 64)
	return err == nil && math.Abs(f) < maxExact
}
