// Package soundness proves that a declared procedure can be depended on: it walks every situation a matter can
// come into and says, with the shortest way there, where a matter could lie for ever, where nobody could act,
// what remains after the end and what can never happen. It is pure, and it must never call proved what it has
// not walked: a condition over values without number, and a space that is too large, are said openly.
//
// The theory is soundness of workflow nets: option to complete, proper completion, no dead transitions (W.M.P.
// van der Aalst, The Application of Petri Nets to Workflow Management, 1998; van der Aalst et al., Soundness of
// Workflow Nets, 2011). doc/procedures.md says what is proved and what is not.
package soundness
