package api

import (
	"context"
	"fmt"
	"net/http"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"

	"github.com/danielgtaylor/huma/v2"
)

// Notice is what was told with an entry.
type Notice struct {
	Name    string   `json:"name"`
	To      []string `json:"to" doc:"parties, party:<role>, assigned, owner, referrer or issuer"`
	Subject string   `json:"subject"`
	Body    string   `json:"body,omitempty" doc:"left out for who checks without reading"`
}

// Document is a document that was issued with an entry; Body only where it is asked for by itself.
type Document struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Path  string `json:"path"`
	Body  string `json:"body,omitempty"`
}

// papers are the notices and documents of an entry.
func papers(f *casework.File, seq int, lang string) (notices []Notice, documents []Document) {
	for _, m := range f.Papers[seq].Notices {
		notices = append(notices, Notice{m.Notice.Name, m.Notice.To, m.Subject.In(lang), m.Body.In(lang)})
	}
	for _, d := range f.Papers[seq].Documents {
		documents = append(documents, document(f, seq, d.Document, lang))
	}
	return notices, documents
}

func document(f *casework.File, seq int, d *procedure.Document, lang string) Document {
	return Document{Name: d.Name, Title: d.Title.In(lang), Path: fmt.Sprintf("/v1/matters/%s/documents/%d/%s", f.Matter.Number, seq, d.Name)}
}

func (a *API) papers(h huma.API) {
	huma.Register(h, huma.Operation{OperationID: "read-document", Method: http.MethodGet, Path: "/v1/matters/{number}/documents/{seq}/{name}",
		Summary: "The text of a document that was issued with an entry; a reading by staff is recorded", Security: anyone}, a.readDocument)
}

func (a *API) readDocument(ctx context.Context, in *struct {
	Caller
	Matter string `path:"number"`
	Seq    int    `path:"seq" minimum:"1"`
	Name   string `path:"name"`
}) (*struct{ Body Document }, error) {
	actor, err := a.known(ctx, in.Caller)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	f, err := a.Service.Read(ctx, actor, in.Matter)
	if err != nil {
		return nil, a.problem(err, in.lang())
	}
	d := f.Papers[in.Seq].Document(in.Name)
	if d == nil {
		return nil, a.problem(&casework.Error{Kind: casework.NotFound, Code: "no-such-document", Text: procedure.Text{
			"zh": "没有这份文书，或者您无权查看。", "en": "There is no such document, or it is not yours to see."}}, in.lang())
	}
	body := document(f, in.Seq, d.Document, in.lang())
	body.Body = d.Body.In(in.lang())
	return &struct{ Body Document }{body}, nil
}
