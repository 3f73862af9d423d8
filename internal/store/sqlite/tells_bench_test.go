package sqlite_test

import (
	"fmt"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/store/storetest"
)

// BenchmarkTells has one step open sub-matters at 1,352 townships, and another tell each of them that it has another day to
// answer.
func BenchmarkTells(b *testing.B) {
	const townships = 1352
	d := storetest.NewDesk(b, openStore)
	var units []office.Unit
	var codes []string
	for i := range townships {
		code := fmt.Sprintf("town-%04d", i)
		codes = append(codes, code)
		units = append(units, office.Unit{Code: code, Parent: "c", Kind: "township", Name: map[string]string{"zh": code, "en": code}})
	}
	if err := d.Store.PutUnits(b.Context(), units); err != nil {
		b.Fatal(err)
	}
	if err := d.ReloadStaff(b.Context()); err != nil {
		b.Fatal(err)
	}
	clerk := office.Actor{Account: d.Staff().Accounts["clerk@c"]}
	var num string
	take := func(step string, change func(*casework.StepCommand)) *casework.Outcome {
		return d.Take(b, clerk, num, step, change)
	}
	b.Run("opens", func(b *testing.B) { // to compare with
		for b.Loop() {
			whole, err := d.Lodge(b.Context(), clerk, d.Example(b, "gathering", "c"), "")
			if err != nil {
				b.Fatal(err)
			}
			num = whole.Matter.Number
			if n := len(take("call", func(c *casework.StepCommand) { c.Sub = &casework.SubOpening{Units: codes} }).Each); n != townships {
				b.Fatalf("%d are called", n)
			}
		}
	})
	day := 0
	b.Run("tells", func(b *testing.B) {
		for b.Loop() {
			day++
			take("put-off", func(c *casework.StepCommand) {
				c.Fields = map[string]any{"reply_by": fmt.Sprintf("2026-04-%02d", 1+day%28)}
			})
		}
	})
	if n := len(take("cancel", func(*casework.StepCommand) {}).Entry.Act.EndedEach); n != townships {
		b.Errorf("%d ended", n)
	}
}
