// Package api is the JSON interface under /v1, described by OpenAPI 3.1 at /v1/openapi.json, and the
// reading interface of the log under /log. It turns requests into commands and errors into problem details
// (RFC 9457). It decides nothing: what is lawful and what may be seen is casework's business.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"reflect"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/limit"
	"luoshi/internal/upload"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Options says what the API works on.
type Options struct {
	Service *casework.Service
	Codes   *limit.Failures // failed query codes and tokens
	VKey    string          // the log's verifier key
	Uploads *upload.Reader  // of files
	Prefer  []string        // offices that an example names first, if they receive it
	Log     *slog.Logger
}

// API is the set of handlers.
type API struct {
	Options
}

// MaxBody bounds a request's body in bytes: a note of 1 MB, escaped, and the rest.
const MaxBody = 8 << 20

// New answers everything under /v1 and /log.
func New(o Options) http.Handler {
	a := &API{Options: o}
	mux := http.NewServeMux()
	config := huma.DefaultConfig("Luoshi", "1")
	config.OpenAPIPath = "/v1/openapi"
	config.DocsPath = ""
	config.SchemasPath = "/v1/schemas"
	answers := &encoder{}
	config.Formats = formats(answers)
	config.CreateHooks = nil // no $schema member in answers
	config.Transformers = []huma.Transformer{answers.encode}
	config.Info.Description = "A public matter is brought, handled and finished: receipts, clocks, lawful steps, and a log anyone can check."
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"staff":      {Type: "http", Scheme: "bearer", Description: "API token of a staff account"},
		"number":     {Type: "apiKey", In: "header", Name: "Luoshi-Number", Description: "the matter's number; with the query code"},
		"query-code": {Type: "apiKey", In: "header", Name: "Luoshi-Query-Code", Description: "the query code shown once when lodging"},
	}
	h := humago.New(mux, config)
	h.UseMiddleware(withRequest)
	a.procedures(h)
	a.services(h)
	a.publishing(h)
	a.units(h)
	a.calendars(h)
	a.matters(h)
	a.files(h)
	a.overviews(h)
	a.directives(h)
	a.meetings(h)
	a.public(h)
	a.papers(h)
	a.steps(h)
	a.upkeep(h)
	a.log(mux)
	mux.HandleFunc("GET /v1/schemas/procedure.json", procedureSchema)
	mux.HandleFunc("/", a.unknown(mux))
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(a.foreign))
	return cross.Handler(mux)
}

// schemaName keeps apart the declared clock, step and field of a procedure from those of a matter.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if strings.HasSuffix(t.PkgPath(), "/procedure") {
		return "Declared" + name
	}
	return name
}

type requestKey struct{}

// exchange is the HTTP request and its answer.
type exchange struct {
	r *http.Request
	w http.ResponseWriter
}

// withRequest keeps the HTTP request at hand, for the address of who asks and for files.
func withRequest(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	next(huma.WithValue(ctx, requestKey{}, exchange{r, w}))
}

func requestOf(ctx context.Context) *http.Request {
	x, _ := ctx.Value(requestKey{}).(exchange)
	return x.r
}

// staffOnly and anyone are the security entries of the OpenAPI document.
var (
	staffOnly = []map[string][]string{{"staff": {}}}
	anyone    = []map[string][]string{{"staff": {}}, {"number": {}, "query-code": {}}}
)
