package design

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/web/part"
	"luoshi/internal/web/site"
)

func TestThePageOfPartsIsOnlyInADemonstration(t *testing.T) {
	err := New(&site.Site{}).Design(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/design", nil))
	if e, ok := err.(*casework.Error); !ok || e.Kind != casework.NotFound {
		t.Errorf("outside a demonstration the answer is %v", err)
	}
}

func TestASnippetIsGoThatMakesThePart(t *testing.T) {
	for _, c := range []struct {
		of   any
		want string
	}{
		{part.Button{Label: "Save", Class: "main", Busy: true}, `part.Button{Label: "Save", Class: "main", Busy: true}`},
		{[]site.Problem{{ID: "a", Text: `say "b"`}}, `[]site.Problem{{ID: "a", Text: "say \"b\""}}`},
		{&part.Table{Columns: []part.Column{{Title: "Open", Number: true}}}, `&part.Table{Columns: []part.Column{{Title: "Open", Number: true}}}`},
		{part.Cell{Status: &part.Status{Class: "here", Text: "x"}}, `part.Cell{Status: &part.Status{Class: "here", Text: "x"}}`},
		{site.Input{About: map[string]string{"b": "2", "a": "1"}}, `site.Input{About: map[string]string{"a":"1", "b":"2"}}`},
	} {
		if got := literal(c.of); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
