package api

import (
	"net/http"

	"luoshi/procedures"
)

// procedureSchema answers with the form of a procedure as a JSON Schema, for editors.
func procedureSchema(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/schema+json")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(procedures.Schema)
}
