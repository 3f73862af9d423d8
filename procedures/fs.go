// Package procedures holds the procedures that come with the product, as declarations in the form of
// doc/procedures.md. It must never hold code that decides anything: what a procedure means is read by
// package procedure.
package procedures

import "embed"

// FS holds the declarations, one file per procedure, at its root.
//
//go:embed *.yaml
var FS embed.FS
