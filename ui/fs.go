// Package ui holds what the pages are made of: templates, style, script and texts. It is data that the
// binary carries; it must never hold code that decides anything.
package ui

import "embed"

// FS holds layout.tmpl, page/*.tmpl (one per page), part/*.tmpl (shared pieces), static/* (served as they
// are) and text/LANG.json (the catalogue of texts, one file per language).
//
//go:embed layout.tmpl page/*.tmpl part/*.tmpl static/* text/*.json
var FS embed.FS
