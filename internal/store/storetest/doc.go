// Package storetest is the conformance suite of stores: what casework asks of a database, as tests that
// every database runs. Run tries the store interfaces one by one, RunVerbs tries casework's verbs on top.
//
// It must never know which database it runs on, look at tables, or be imported by anything but tests.
package storetest
