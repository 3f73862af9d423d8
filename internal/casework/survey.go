package casework

import "luoshi/internal/office"

// Survey asks how many matters stand where, and how many came, ended and became late in each of some periods. Times
// are in milliseconds since 1970.
type Survey struct {
	Scope office.Scope
	// Area names what a unit is counted for, or that it is not counted. It is called once for each unit that has matters.
	Area func(unit string) (area string, counted bool)
	// People reports whether the people of a unit are told apart. It is called as Area is.
	People func(unit string) bool

	Late, Today, Week Between // see Load; none is the zero Between

	// Periods are the moments at which the periods begin, whole seconds, ascending; the last of them is the end of the
	// last period.
	Periods []int64
}

// Standing is what a survey finds.
type Standing struct {
	Areas      map[string]Load // by Survey.Area
	Procedures map[string]Load // by id@version
	People     map[Seat]Load   // open matters with a name on them
	Flow       []Flow          // one for each period
}

// Load is how many matters are open, and among them how many are to be done when. One that runs out today is in Today
// and in Week, one that is late in neither.
type Load struct{ Open, Today, Week, Late, Unassigned int64 }

// Plus is the sum of two loads.
func (l Load) Plus(o Load) Load {
	return Load{l.Open + o.Open, l.Today + o.Today, l.Week + o.Week, l.Late + o.Late, l.Unassigned + o.Unassigned}
}

// Seat is somebody who handles matters of a unit.
type Seat struct{ Unit, Login string }

// Flow is how many matters were opened, reached their end, and were first recorded as late within a period. A matter
// counts for the unit with which it stands now.
type Flow struct{ Opened, Ended, Late int64 }
