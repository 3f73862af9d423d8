package soundness

// The rules of this package. The names are stable, and none is also a rule of loading, except too-large, which
// says the same in both. Each is explained, with a declaration that breaks it, in doc/procedures.md.
const (
	ruleTooLarge      = "too-large"
	ruleUnreachable   = "unreachable-state"
	ruleNoWayOut      = "no-way-to-an-end"
	ruleAfterEnd      = "open-after-end"
	ruleDeadStep      = "dead-step"
	ruleNobody        = "nobody-can-act"
	ruleOnlyAssigned  = "only-the-assigned"
	ruleNoClock       = "state-without-clock"
	ruleOnlySuspended = "only-suspended"
	ruleLapseBlocked  = "lapse-blocked"
	ruleDoneBlocked   = "done-blocked"
	ruleExtendClosed  = "extension-without-clock"
	ruleBackNowhere   = "back-without-referral"
	ruleClockNever    = "clock-never-starts"
	ruleGuardNever    = "guard-never-holds"
	ruleGuardFails    = "guard-fails"
	ruleGuardChoice   = "guard-choice"
	ruleNotProved     = "not-proved"
	ruleKind          = "unknown-kind"
	ruleHolder        = "role-without-holder"
	ruleBlindParty    = "party-cannot-act"
	ruleAdverse       = "adverse-not-declared"
	ruleExposed       = "sensitive-exposed"
	ruleRuleEnded     = "rule-ended"
	ruleUnknownSub    = "unknown-procedure"
	ruleSubOpening    = "sub-opening"
	ruleTelling       = "telling"
	ruleContinuation  = "continuation"
	ruleCircle        = "continues-in-a-circle"
)

// Rules returns the names of all rules, in the order of doc/procedures.md.
func Rules() []string {
	return []string{
		ruleUnreachable, ruleNoWayOut, ruleAfterEnd, ruleDeadStep, ruleNobody, ruleOnlyAssigned,
		ruleNoClock, ruleOnlySuspended, ruleLapseBlocked, ruleDoneBlocked, ruleExtendClosed, ruleBackNowhere, ruleClockNever,
		ruleGuardNever, ruleGuardFails, ruleGuardChoice, ruleNotProved, ruleTooLarge,
		ruleKind, ruleHolder, ruleBlindParty, ruleAdverse, ruleExposed, ruleRuleEnded, ruleUnknownSub, ruleSubOpening, ruleTelling,
		ruleContinuation, ruleCircle,
	}
}
