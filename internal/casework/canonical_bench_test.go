package casework

import (
	"testing"

	"luoshi/internal/ledger"
)

// BenchmarkCanonical compares an act whose members are in order already with the general way.
func BenchmarkCanonical(b *testing.B) {
	act := Act{V: actVersion, Matter: "2026-00000001-8", Seq: 1, Time: "2026-11-23T00:00:00.000Z", Kind: Lodged, Actor: ActorRef{As: "resident"},
		Procedure: "people-mediation@1", Channel: "web", State: "lodged", Unit: "97-justice",
		Parties: []PartyRef{{Role: "applicant", Code: "0123456789abcdef0123456789abcdef"}, {Role: "respondent"}},
		Clocks:  []ClockOp{{Op: "start", Clock: "acceptance", From: "2026-11-23T00:00:00.000Z", Target: "2026-11-26", Due: "2026-11-26"}}}
	text, err := ledger.Canonical(act)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("marshal in order", func(b *testing.B) {
		for b.Loop() {
			_, _ = ledger.Canonical(act)
		}
	})
	b.Run("bring into order", func(b *testing.B) {
		for b.Loop() {
			_, _ = ledger.Canonicalize(text)
		}
	})
}
