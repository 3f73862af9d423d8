// Package procedures holds the procedures that come with the product, as declarations in the form of
// doc/procedures.md, and what belongs to them: guides that lead to them, kinds of unit, and a JSON Schema of the form. It must never hold code
// that decides anything: what a procedure means is read by package procedure.
package procedures

import "embed"

// FS holds the declarations, one file per procedure, at its root.
//
//go:embed *.yaml
var FS embed.FS

// Guides holds the guides, one file each in the folder guides.
//
//go:embed guides/*.yaml
var Guides embed.FS

// Kinds are the kinds of unit with their roles, in the form luoshi-kinds/1.
//
//go:embed offices/kinds.yaml
var Kinds []byte

// Schema is the form as a JSON Schema (2020-12), for editors.
//
//go:embed schema/procedure.schema.json
var Schema []byte
