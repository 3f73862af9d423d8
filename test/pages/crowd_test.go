package pages

import (
	"fmt"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/casework/door"
	"luoshi/internal/office"
)

// BenchmarkSignInAtALargeMeeting is one person of a meeting to which 1,352 townships are invited: the form, then the tick.
func BenchmarkSignInAtALargeMeeting(b *testing.B) {
	s := New(b)
	s.Callers(b)
	var units []office.Unit
	var codes []string
	for i := range 1352 {
		code := fmt.Sprintf("k%04d", i)
		codes = append(codes, code)
		units = append(units, office.Unit{Code: code, Parent: "c", Kind: "township", Name: map[string]string{"zh": "乡镇" + code}})
	}
	if err := s.Service.Store.PutUnits(b.Context(), units); err != nil {
		b.Fatal(err)
	}
	if err := s.Service.ReloadStaff(b.Context()); err != nil {
		b.Fatal(err)
	}
	zone := s.Service.Rules("meeting").Location
	day := s.Service.Now().In(zone).Format(time.DateOnly)
	out, err := s.Service.Lodge(b.Context(), s.Actor("caller"), casework.Lodging{Procedure: "meeting", Unit: "p", Channel: "web", Title: "会",
		Fields: map[string]any{"held_on": day, "begins": "09:00", "form": "video", "place": "主楼", "agenda": "会"}}, "")
	if err != nil {
		b.Fatal(err)
	}
	m := out.Matter.Number
	s.step(b, "caller", m, casework.StepCommand{Step: "invite", Fields: map[string]any{"reply_by": day}, Sub: &casework.SubOpening{Units: codes}})
	d := door.New(s.Service)
	v, err := d.Kept(b.Context(), s.Actor("caller"), m, "")
	if err != nil {
		b.Fatal(err)
	}
	code := d.Paper(v)
	for i := 0; b.Loop(); i++ {
		v, trouble, err := d.Scan(b.Context(), m, code)
		if err != nil || trouble != "" {
			b.Fatal(trouble, err)
		}
		if _, _, trouble, err = d.Sign(b.Context(), m, code, d.Pass(v), door.Person{Unit: codes[i%len(codes)], Name: fmt.Sprint("名", i)}); err != nil || trouble != "" {
			b.Fatal(trouble, err)
		}
	}
}
