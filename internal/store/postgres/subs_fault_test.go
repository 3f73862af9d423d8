package postgres_test

import (
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// A step that opens a sub-matter is in the log with it or not at all, wherever the connection is cut.
func TestACommitOfTwoMattersWhoseConnectionIsCut(t *testing.T) {
	for name, c := range map[string]struct{ answers, stays bool }{
		"before the server had it":                            {false, false},
		"after the server did it":                             {true, false},
		"before the server had it, and nothing more is known": {false, true},
		"after the server did it, and nothing more is known":  {true, true},
	} {
		t.Run(name, func(t *testing.T) {
			d, cable := cabled(t)
			whole := d.Lodged(t, "joint", "t1").Matter.Number
			clerk := office.Actor{Account: d.Staff().Accounts["clerk@t1"]}
			cmd := casework.StepCommand{Step: "ask", Fields: map[string]any{"question": "whose?"}, Sub: &casework.SubOpening{Unit: "t2", Title: marked}}
			cable.cutAt(marked, c.answers, c.stays)
			out, err := d.TakeStep(t.Context(), clerk, whole, cmd, "the key")
			if c.stays {
				if e := casework.AsError(err); e.Kind != casework.Unknown {
					t.Fatalf("it answers %v", err)
				}
				cable.mend()
				out, err = d.TakeStep(t.Context(), clerk, whole, cmd, "the key")
			}
			if err != nil {
				t.Fatal(err)
			}
			proved(t, out, d.Key)
			proved(t, out.Opened, d.Key)
			m, err := d.Store.Matter(t.Context(), whole)
			if err != nil || len(m.Subs) != 1 || m.Subs[0].Number != out.Opened.Matter.Number {
				t.Errorf("the matter has %+v (%v)", m.Subs, err)
			}
			if n, err := d.Store.Size(t.Context()); n != 3 || err != nil {
				t.Errorf("the log has %d entries (%v)", n, err)
			}
			if r, err := d.Audit(t.Context(), nil, d.Key.VerifierKey()); err != nil || !r.OK {
				t.Errorf("audit: %+v (%v)", r, err)
			}
		})
	}
}
