package procedure_test

import (
	"testing"

	"luoshi/internal/procedure"
)

func BenchmarkLawfulSteps(b *testing.B) {
	p := pack(b, "petition")
	clerk := situationOf("registered", procedure.Who{Role: "clerk"})
	for b.Loop() {
		if len(p.LawfulSteps(clerk)) == 0 {
			b.Fatal("no lawful step")
		}
	}
}

func BenchmarkCheckFields(b *testing.B) {
	p := pack(b, "hotline-order")
	values := p.Example["fields"].(map[string]any)
	for b.Loop() {
		if _, err := p.CheckFields(p.Open.Fields, values); err != nil {
			b.Fatal(err)
		}
	}
}
