// Package ui holds what the pages are made of: templates, style, script and texts. It is data that the
// binary carries; it must never hold code that decides anything.
//
// What belongs together stands side by side: page/NAME holds the template of a page and, where it has its own, its
// style and script; shared holds the layout and the pieces of which pages are made. Package bundle makes of the
// styles and scripts what browsers get.
package ui

import "embed"

// FS holds page/NAME/*.tmpl, *.css and *.ts, shared/ the same, static/ (served as it is) and text/LANG.json (the
// catalogue of texts, one file per language).
//
//go:embed page shared static text
var FS embed.FS
