package api

import (
	"context"
	"fmt"
	"net/http"

	"luoshi/internal/procedure"
	"luoshi/internal/procedure/diagram"

	"github.com/danielgtaylor/huma/v2"
)

// fileInput names a procedure and the language of what is made from it.
type fileInput struct {
	Caller
	ID   string `path:"id" doc:"id, or id@version"`
	Lang string `query:"lang" enum:"zh,en" doc:"language of the words; left out: that of Accept-Language"`
}

func (in *fileInput) lang() string {
	if in.Lang != "" {
		return in.Lang
	}
	return in.Caller.lang()
}

// fileOutput is a file as it is.
type fileOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	NoSniff     string `header:"X-Content-Type-Options"`
	Cache       string `header:"Cache-Control"`
	Body        []byte
}

// procedureFiles are the forms in which a procedure can be taken away.
func (a *API) procedureFiles(h huma.API) {
	serve := func(name, operation, contentType, summary string, write func(context.Context, *procedure.Procedure, string) ([]byte, error)) {
		huma.Register(h, huma.Operation{OperationID: operation, Method: http.MethodGet, Path: "/v1/procedures/{id}/" + name, Summary: summary,
			Responses: map[string]*huma.Response{"200": {Description: "the file", Content: map[string]*huma.MediaType{contentType: {}}}}},
			func(ctx context.Context, in *fileInput) (*fileOutput, error) {
				p, err := a.published(in.ID, in.lang())
				if err != nil {
					return nil, err
				}
				b, err := write(ctx, p, in.lang())
				if err != nil {
					return nil, a.problem(err, in.lang())
				}
				return &fileOutput{ContentType: contentType, Policy: "default-src 'none'; sandbox", NoSniff: "nosniff", Cache: "no-cache",
					Disposition: fmt.Sprintf("inline; filename=%q", p.Key()+extension(name)), Body: b}, nil
			})
	}
	serve("source", "read-procedure-source", "application/yaml", "The procedure as its author wrote it (YAML)",
		func(ctx context.Context, p *procedure.Procedure, _ string) ([]byte, error) {
			return a.Service.Declaration(ctx, p)
		})
	serve("diagram.svg", "draw-procedure", "image/svg+xml", "The procedure as a picture (SVG)",
		func(_ context.Context, p *procedure.Procedure, lang string) ([]byte, error) {
			return diagram.SVG(p, diagram.Options{Lang: lang}), nil
		})
	serve("bpmn", "export-procedure", "application/xml", "The procedure as a process model (BPMN 2.0)",
		func(_ context.Context, p *procedure.Procedure, lang string) ([]byte, error) {
			return diagram.BPMN(p, lang)
		})
}

func extension(name string) string {
	switch name {
	case "source":
		return ".yaml"
	case "bpmn":
		return ".bpmn"
	}
	return ".svg"
}
