// Package feed is the meetings of a member of staff as a calendar (RFC 5545, RFC 7986) that telephones and desktop
// programs read by themselves.
//
// It holds what a list of meetings shows and the fields of a meeting that are plain: whose calendar it is keeps a copy
// with whoever makes their telephone. It must never hold who comes, who is in the chair or anybody's own number.
//
// Times are written in UTC. A meeting takes place once, so that its instant says all; every client shows it by the clock of
// whoever looks, and no client has to agree with us about the rules of a time zone. The days of the offices are in the
// description of the meeting's time, see event.
package feed
