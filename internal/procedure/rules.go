package procedure

// The rules a declaration is checked against. The names are stable: tools and people refer to them. Each is
// explained, with a declaration that breaks it, in doc/procedures.md.
const (
	ruleSyntax          = "syntax"
	ruleTooLarge        = "too-large"
	ruleUnknownMember   = "unknown-member"
	ruleDuplicateMember = "duplicate-member"
	ruleWrongType       = "wrong-type"
	ruleMissing         = "missing-member"
	ruleFormat          = "format"
	ruleName            = "name"
	ruleDuplicateName   = "duplicate-name"
	ruleDuplicateProc   = "duplicate-procedure"
	ruleValue           = "value"
	ruleLanguages       = "languages"
	ruleTextMissing     = "text-missing"
	ruleTextLanguage    = "text-language"
	ruleBasis           = "basis"
	ruleWho             = "who"
	ruleUnknownState    = "unknown-state"
	ruleUnknownStep     = "unknown-step"
	ruleUnknownClock    = "unknown-clock"
	ruleUnknownField    = "unknown-field"
	ruleUnknownParty    = "unknown-party-role"
	ruleUnknownNotice   = "unknown-notice"
	ruleUnknownDocument = "unknown-document"
	rulePartyCount      = "party-count"
	ruleFieldLimits     = "field-limits"
	ruleChoices         = "choices"
	ruleForbidden       = "forbidden-attribute"
	ruleGuard           = "guard"
	ruleAssign          = "assign"
	ruleRefer           = "refer"
	ruleAdverse         = "adverse-without-remedy"
	rulePeriod          = "period"
	ruleExtension       = "extension"
	ruleExtensionReason = "extension-reason"
	ruleSuspensionProof = "suspension-proof"
	ruleClockRules      = "clock-rules"
	ruleLapse           = "lapse"
	rulePlaceholder     = "placeholder"
	ruleSubject         = "notice-subject"
	ruleReveals         = "notice-reveals"
	ruleUnused          = "unused"
	rulePublic          = "public-field"
	ruleIssuer          = "issuer"
	ruleUntil           = "until"
	ruleRollup          = "rollup"
	ruleUnknownSub      = "unknown-sub"
	ruleSubOpened       = "sub-never-opened"
	ruleSubDone         = "sub-done"
	ruleSubShows        = "sub-shows"
	ruleTells           = "tells"
	ruleOpensAtEnd      = "opens-at-end"
	ruleContinues       = "continues"
	ruleNoEnd           = "no-end-state"
	ruleStepFromEnd     = "step-from-end"
	ruleExample         = "example"
)

// Rules returns the names of all rules, in the order of doc/procedures.md.
func Rules() []string {
	return []string{
		ruleSyntax, ruleTooLarge, ruleUnknownMember, ruleDuplicateMember, ruleWrongType, ruleMissing,
		ruleFormat, ruleName, ruleDuplicateName, ruleDuplicateProc, ruleValue,
		ruleLanguages, ruleTextMissing, ruleTextLanguage, ruleBasis,
		ruleWho, ruleUnknownState, ruleUnknownStep, ruleUnknownClock, ruleUnknownField, ruleUnknownParty,
		ruleUnknownNotice, ruleUnknownDocument,
		rulePartyCount, ruleFieldLimits, ruleChoices, ruleForbidden,
		ruleGuard, ruleAssign, ruleRefer, ruleAdverse, rulePeriod, ruleExtension, ruleExtensionReason, ruleSuspensionProof,
		ruleClockRules, ruleLapse, rulePlaceholder, ruleSubject, ruleReveals, ruleUnused, rulePublic,
		ruleIssuer, ruleUntil, ruleRollup,
		ruleUnknownSub, ruleSubOpened, ruleSubDone, ruleSubShows, ruleTells, ruleOpensAtEnd, ruleContinues,
		ruleNoEnd, ruleStepFromEnd, ruleExample,
	}
}
