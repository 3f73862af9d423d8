// Package calendar answers one question for the whole system: when does a period end? It counts hours,
// calendar days, working days, months and years by the rules of civil law, over a calendar of days off and
// make-up working days, and it can say step by step how it came to the answer.
//
// It is pure: it never reads a clock, a store, the environment or the network, and it keeps no state that
// changes. Nothing else in the system may add days to a date to get a deadline; every shown date comes from
// Compute or Explain, which are one function. The rules are written down in doc/calendar.md.
package calendar
