package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"luoshi/internal/casework"
	"luoshi/internal/procedure"
)

// unknown answers addresses under /v1 and /log that lead nowhere, and methods an address does not take, with
// problem details like everything else.
func (a *API) unknown(mux *http.ServeMux) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if allowed := methods(mux, r); len(allowed) > 0 {
			w.Header().Set("Allow", strings.Join(allowed, ", "))
			a.refuse(w, r, http.StatusMethodNotAllowed, "method-not-allowed", "这个地址不接受这种请求方法。",
				"This address does not take that method; see the Allow header.")
			return
		}
		a.refuse(w, r, http.StatusNotFound, "no-such-address", "接口里没有这个地址。请看 /v1/openapi.json。",
			"The API has no such address; see /v1/openapi.json.")
	}
}

// methods are those that the address takes.
func methods(mux *http.ServeMux, r *http.Request) []string {
	var out []string
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		probe := r.Clone(r.Context())
		probe.Method = m
		if _, pattern := mux.Handler(probe); strings.Contains(pattern, " ") { // a route names its method
			out = append(out, m)
		}
	}
	return slices.Clip(out)
}

// foreign refuses a request that another site made a browser send.
func (a *API) foreign(w http.ResponseWriter, r *http.Request) {
	a.refuse(w, r, http.StatusForbidden, "cross-origin", "拒绝来自其他网站的请求。", "A request sent from another site is refused.")
}

func (a *API) refuse(w http.ResponseWriter, r *http.Request, status int, code, zh, en string) {
	err := &casework.Error{Code: code, Text: procedure.Text{"zh": zh, "en": en}}
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: err.Code,
		Detail: err.Text.In(languageOf(r.Header.Get("Accept-Language")))}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(p) // who went away is nobody's fault
}
