package ledger

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"
)

func TestCanonicalForm(t *testing.T) {
	type tagged struct {
		B     string            `json:"b"`
		A     int64             `json:"a"`
		Empty int               `json:"empty,omitempty"`
		Map   map[string]string `json:"map"`
		At    time.Time         `json:"at"`
	}
	for name, c := range map[string]struct {
		value any
		want  string
	}{
		"members sorted, tags as in encoding/json": {tagged{B: "x", A: 1 << 53, At: time.Unix(0, 0).UTC()}, `{"a":9007199254740992,"at":"1970-01-01T00:00:00Z","b":"x","map":null}`},
		"sorted by UTF-16 units":                   {map[string]int{"\ue000": 2, "\U00010000": 1}, "{\"\U00010000\":1,\"\ue000\":2}"},
		"nothing escaped that need not be":         {"<&>\u2028\u202e漏水\x7f", "\"<&>\u2028\u202e漏水\x7f\""},
		"control characters escaped shortest":      {"\x00\b\t\n\f\r\"\\", `"\u0000\b\t\n\f\r\"\\"`},
		"numbers shortest":                         {[]any{1e3, 0.1, math.Copysign(0, -1), 1e-7, 4.50}, `[1000,0.1,0,1e-7,4.5]`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Canonical(c.value)
			if err != nil || string(got) != c.want {
				t.Errorf("got %s, %v\nwant %s", got, err, c.want)
			}
		})
	}
}

func TestCanonicalRefuses(t *testing.T) {
	for name, v := range map[string]any{
		"integer above 2^53":   int64(1<<53 + 1),
		"integer below -2^53":  int64(-1<<53 - 1),
		"unsigned maximum":     uint64(math.MaxUint64),
		"large float":          1e300,
		"not a number":         math.NaN(),
		"infinite":             math.Inf(1),
		"invalid UTF-8":        "a\xff",
		"invalid UTF-8 in key": map[string]int{"a\xff": 1},
		"channel":              make(chan int),
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := Canonical(v); err == nil {
				t.Errorf("accepted as %s", got)
			}
		})
	}
	for name, text := range map[string]string{
		"member twice":                `{"a":1,"a":2}`,
		"member twice, spelled apart": `{"a":1,"\u0061":2}`,
		"unpaired surrogate":          `"\ud800"`,
		"integer above 2^53":          `[9007199254740993]`,
		"float that rounds to 2^53":   `9007199254740992.5`,
		"power above":                 `1e16`,
		"below":                       `{"a":{"b":-9007199254740994}}`,
		"text behind":                 `{} {}`,
		"nothing":                     ``,
		"cut off":                     `{"a":`,
		"deep":                        strings.Repeat("[", 20000),
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := Canonicalize([]byte(text)); err == nil {
				t.Errorf("accepted as %s", got)
			}
		})
	}
}

func TestCanonicalizeLeavesItsInput(t *testing.T) {
	text := []byte(` { "b" : 1.0, "a" : "\u0041" } `)
	before := bytes.Clone(text)
	got, err := Canonicalize(text)
	if err != nil || string(got) != `{"a":"A","b":1}` {
		t.Errorf("%s, %v", got, err)
	}
	if !bytes.Equal(text, before) {
		t.Errorf("input became %s", text)
	}
}

func TestLeafRecord(t *testing.T) {
	record := Record(testOrigin, Hash{0xab})
	if want := "luoshi-leaf/1\nlog.example/test\nab" + strings.Repeat("00", 31) + "\n"; string(record) != want {
		t.Errorf("record is %q", record)
	}
	origin, commitment, err := ParseRecord(record)
	if err != nil || origin != testOrigin || commitment != (Hash{0xab}) {
		t.Errorf("%q, %x, %v", origin, commitment, err)
	}
	for _, bad := range []string{"", "\n\n\n", string(record) + "\n", string(record[:len(record)-1]),
		strings.ToUpper(string(record)), strings.Replace(string(record), "/1", "/2", 1), strings.Replace(string(record), "log.", "log ", 1),
		strings.Replace(string(record), "ab0", "AB0", 1)} {
		if _, _, err := ParseRecord([]byte(bad)); err == nil {
			t.Errorf("%q accepted", bad)
		}
	}
}

func TestCommitmentsDependOnSaltAndContent(t *testing.T) {
	seen := map[Hash]string{}
	for name, h := range map[string]Hash{
		"leaf":          LeafCommitment(Salt{1}, Hash{1}),
		"another salt":  LeafCommitment(Salt{2}, Hash{1}),
		"another entry": LeafCommitment(Salt{1}, Hash{2}),
		"content":       ContentCommitment(Salt{1}, []byte("x")),
		"other content": ContentCommitment(Salt{1}, []byte("y")),
		"other salt":    ContentCommitment(Salt{2}, []byte("x")),
	} {
		if other, ok := seen[h]; ok {
			t.Errorf("%s and %s are equal", name, other)
		}
		seen[h] = name
	}
	if a, b := NewSalt(), NewSalt(); a == b || a == (Salt{}) {
		t.Error("two salts are equal")
	}
}
