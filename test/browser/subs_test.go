package browser

import (
	"net/http/httptest"
	"os"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/test/pages"
)

// The pages of a matter that waits for others, and of one of those, as staff and as the party see them.
func TestSubMattersInTheBrowser(t *testing.T) {
	for lang, texts := range map[string][]string{"zh": {"子事项", "所属事项：", "交其他程序办理的部分"}, "en": {"Sub-matters", "Part of:", "Parts handled in matters of their own"}} {
		t.Run(lang, func(t *testing.T) {
			stand := pages.New(t)
			stand.Join(t)
			srv := httptest.NewServer(stand.Handler)
			t.Cleanup(srv.Close)
			whole, part := opened(t, stand)
			b := Open(t, srv.URL, lang)
			if b.axe == "" {
				missing(t, "node_modules/axe-core (npm ci)")
			}
			b.phone()
			b.Go("/login?lang=" + lang)
			b.Fill("form[action=\"/login\"]", "login", "clerk")
			b.Fill("form[action=\"/login\"]", "password", pages.Password)
			b.Click("form[action=\"/login\"] button")
			b.Go("/desk/m/" + whole.Matter.Number)
			b.Shows(texts[0])
			b.Check(lang + "-whole")
			b.Go("/desk/m/" + part)
			b.Shows(texts[1])
			b.Check(lang + "-part")
			paper, err := os.ReadFile(photograph(t, "水情.jpg"))
			if err != nil {
				t.Fatal(err)
			}
			_, calls := stand.Gather(t, paper)
			b.Go("/desk/m/" + calls[0])
			b.Shows("县政府三楼会议室")
			b.Check(lang + "-call")
			b.Go("/follow")
			b.Fill("form[action=\"/follow\"]", "number", whole.Matter.Number)
			b.Fill("form[action=\"/follow\"]", "code", whole.Code)
			b.Click("form[action=\"/follow\"] button")
			b.Shows(texts[2])
			b.Check(lang + "-mine-parts")
		})
	}
}

// opened lodges a matter, with two sub-matters of which one has ended.
func opened(t *testing.T, stand *pages.Stand) (whole *casework.Outcome, part string) {
	t.Helper()
	ctx, s := t.Context(), stand.Service
	whole, err := s.Lodge(ctx, office.Actor{Resident: true}, casework.Lodging{Procedure: "joint", Unit: "t1", Channel: "web", Title: "河道和道路",
		Fields: map[string]any{"facts": "河道和道路都坏了。"}, Parties: []casework.Party{{Role: "applicant", Name: "张三"}}}, "")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		out, err := s.TakeStep(ctx, stand.Actor("one"), whole.Matter.Number, casework.StepCommand{Step: "ask",
			Fields: map[string]any{"question": "归谁管？"}, Sub: &casework.SubOpening{Unit: "t2"}}, "")
		if err != nil {
			t.Fatal(err)
		}
		part = out.Opened.Matter.Number
	}
	first := casework.StepCommand{Step: "give", Fields: map[string]any{"opinion": "归我们管。"}}
	m, err := s.Store.Matter(ctx, whole.Matter.Number)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.TakeStep(ctx, stand.Actor("two"), m.Subs[0].Number, first, ""); err != nil {
		t.Fatal(err)
	}
	return whole, part
}
