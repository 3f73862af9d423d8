// Package part holds what pages are made of: the typed contents of the shared templates in ui/shared, one struct for
// each, under the template's name. It is data for showing; it must never know a matter, a person or a permission.
//
// The page /design of a demonstration shows every part in every state.
package part

// Kind is what a notice or a status means.
type Kind string

// Kinds. Each has a colour and a sign, never the colour alone.
const (
	Good Kind = "good"
	Info Kind = "info"
	Warn Kind = "warn"
	Bad  Kind = "bad"
)

// Button does something, or leads somewhere when it has a Path. Template "button".
type Button struct {
	ID    string // needed only with Why
	Label string
	Class string // main, danger, main danger, quiet, plain; a screen has one main button
	Path  string // of a link that looks like a button
	Name  string
	Value string
	Why   string // why it cannot be pressed now; "" when it can
	Busy  bool   // it was pressed and is being done
}

// Note says what happened or what to know. Template "note".
type Note struct {
	Kind  Kind
	Title string // may be empty
	Text  string
	Path  string // may be empty
	Link  string // the words of the link to Path
}

// Empty stands where a list has nothing to show: why, and what one can do. Template "empty".
type Empty struct {
	Title string
	Text  string
	Path  string // may be empty
	Link  string
}

// Status is where something stands, in a word or two. Template "status".
type Status struct {
	Class string // late, soon, good, here; "" for one that means nothing special
	Text  string
}

// Dialog asks before something is done. It posts Hidden to Action when confirmed. Template "dialog".
type Dialog struct {
	ID      string // of the element, once on a page
	Open    string // the words of the button that opens it
	Title   string
	Text    string
	Action  string
	Hidden  []Pair
	Confirm string
	Cancel  string
	Danger  bool // it cannot be taken back
}

// Pair is a name and a value that a form sends.
type Pair struct{ Name, Value string }

// Tabs are views of one thing. Template "tabs".
type Tabs struct {
	Label string // what they are views of, for a screen reader
	Items []Tab
}

// Tab is one view.
type Tab struct {
	Title string
	Path  string
	Count string // may be empty
	Here  bool   // it is shown now
}

// Pages leads through a list that is shown in pieces. Template "pages".
type Pages struct {
	Previous string // address; "" on the first
	Next     string // address; "" on the last
	Where    string // "26 to 50 of 1,204", where it is known
}

// Keys says what keys do on a page. Template "keys".
type Keys struct{ Keys []Key }

// Key is one or more keys to press, one of them or one after the other.
type Key struct {
	Press []string
	Does  string
}
