// Package procedures holds the procedures that come with the product, as declarations in the form of
// doc/procedures.md, and what belongs to them: kinds of unit. It must never hold code that decides anything: what a
// procedure means is read by package procedure.
package procedures

import "embed"

// FS holds the declarations, one file per procedure, at its root.
//
//go:embed *.yaml
var FS embed.FS

// Kinds are the kinds of unit with their roles, in the form luoshi-kinds/1.
//
//go:embed offices/kinds.yaml
var Kinds []byte
