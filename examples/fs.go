// Package examples holds the mappings that come with the product: how the rows of real files become matters. It is
// data that the binary carries, so that a demo needs no folder of the source beside it; package intake reads it.
package examples

import "embed"

// FS holds the mappings of `luoshi import`, import/NAME.yaml, in the form of doc/import.md.
//
//go:embed import/*.yaml
var FS embed.FS
