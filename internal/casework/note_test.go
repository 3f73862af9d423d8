package casework

import (
	"testing"

	"luoshi/internal/procedure"
)

func TestANoteOfBlanksIsNone(t *testing.T) {
	for note, want := range map[string]string{"": "required", " \n\u3000 ": "required", " 路途太远": ""} {
		code := ""
		if bad := checkNote(&procedure.Step{Note: "required"}, note); len(bad) > 0 {
			code = bad[0].Code
		}
		if code != want {
			t.Errorf("%q: %q, want %q", note, code, want)
		}
	}
}
