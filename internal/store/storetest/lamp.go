package storetest

import _ "embed"

// Lamp is a small procedure with what the probe has not: guards, required fields, offices above and behind, fields
// that few see, reasons of clocks, notices, a document, a public view. Tests of pages read the file.
//
//go:embed lamp.yaml
var Lamp string
