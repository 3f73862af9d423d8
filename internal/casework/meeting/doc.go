// Package meeting is what an office needs to know of a meeting: its agenda, its venues, who is invited, who comes, who
// arrived. All of it is read from the matter by the procedure "meeting" and from its sub-matters by the procedure
// "invitation"; nothing is kept beside them.
//
// Who may see what is casework's to say: the readers here go through its verbs. Everything else is pure. It must never
// write, and never read one invitation after the other: a meeting may have as many as there are townships.
package meeting
