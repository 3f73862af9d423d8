package soundness

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"luoshi/internal/procedure"
)

// endWords are the words by which an end goes against a party: declined, refused, rejected, dismissed, terminated.
func endWords() []string {
	return []string{
		"不予", "不受理", "未受理", "驳回", "拒绝", "否决", "终止", "取消", "撤销",
		"declin", "refus", "reject", "dismiss", "denied", "deny", "terminat", "cancel", "not accepted", "not-accepted", "revok",
	}
}

// undeclaredAdverse: a step of staff to an end that reads like a refusal, by its own name or that of the end, is
// adverse.
func (c *checker) undeclaredAdverse() {
	if len(c.p.Parties) == 0 { // there is nobody against whom it could go
		return
	}
	for i := range c.p.Steps {
		s := &c.p.Steps[i]
		if s.Adverse || !s.Terminal || !slices.ContainsFunc(s.By, byStaff) {
			continue
		}
		end := c.p.State(s.To)
		said := strings.ToLower(strings.Join([]string{s.Name, s.Title["zh"], s.Title["en"], end.Name, end.Title["zh"], end.Title["en"]}, " "))
		for _, word := range endWords() {
			if strings.Contains(said, word) {
				c.warn(fmt.Sprintf("steps[%d].to", i), ruleAdverse, nil, say(
					"步骤%[1]s的终点%[2]s看起来对当事人不利；如果是，请写 adverse: true 和救济途径 remedy",
					"the step %[1]s leads to the end %[2]s, which seems to go against the party; if so, write adverse: true and name a remedy",
					thing{s.Name, s.Title}, thing{end.Name, end.Title}))
				break
			}
		}
	}
}

func byStaff(w procedure.Who) bool {
	_, party := partyRole(w.Relation)
	return !party && w.Relation != procedure.RelationSystem
}

// inAddress finds a placeholder inside a web address.
var inAddress = regexp.MustCompile(`https?://[^\s"'<>，。；）]*?\{([a-z][a-z0-9._-]*)\}`)

// exposed: nothing personal stands in a web address, which ends up in histories and logs of other machines.
func (c *checker) exposed() {
	check := func(path string, text procedure.Text) {
		for lang, words := range text {
			for _, m := range inAddress.FindAllStringSubmatch(words, -1) {
				field := c.p.Field(strings.TrimPrefix(m[1], "fields."))
				if m[1] == "note" || field != nil && strings.HasPrefix(m[1], "fields.") && field.Class != procedure.ClassPlain {
					c.error(path+"."+lang, ruleExposed, nil, say(
						"网址里不能有个人信息：{%[1]s}；请写到正文里", "{%[1]s} is personal and stands in a web address; put it into the text instead", m[1]))
				}
			}
		}
	}
	for i := range c.p.Notices {
		check(fmt.Sprintf("notices[%d].subject", i), c.p.Notices[i].Subject)
		check(fmt.Sprintf("notices[%d].body", i), c.p.Notices[i].Body)
	}
	for i := range c.p.Documents {
		check(fmt.Sprintf("documents[%d].body", i), c.p.Documents[i].Body)
	}
}

// endedRules: a clock whose newest rule has an end needs a new version before that day.
func (c *checker) endedRules() {
	for i := range c.p.Clocks {
		k := &c.p.Clocks[i]
		if until := k.Rules[len(k.Rules)-1].ValidTo; until != "" {
			c.warn(fmt.Sprintf("clocks[%d].name", i), ruleRuleEnded, nil, say(
				"时限%[1]s最新的规定只到 %[2]s 有效，之后仍按它计算；请在那以前写明新的规定",
				"the newest rule of the clock %[1]s ends on %[2]s; after that day it would still be used, so state the next one before", thing{k.Name, k.Title}, until))
		}
	}
}

// guardChoices: a guard compares a choice only with values that it can have.
func (c *checker) guardChoices() {
	for i := range c.p.Steps {
		s := &c.p.Steps[i]
		if s.Guard == nil {
			continue
		}
		for _, r := range s.Guard.Reads() {
			can, what := c.choicesOf(r.GuardUse)
			for _, text := range r.Texts {
				if can != nil && text != "" && !slices.Contains(can, text) {
					c.error(fmt.Sprintf("steps[%d].guard", i), ruleGuardChoice, nil, say(
						"步骤%[1]s的条件拿 %[2]s 和“%[3]s”比较，而它只能是：%[4]s",
						"the guard of %[1]s compares %[2]s with %[3]q, which it can never be; it can be: %[4]s",
						thing{s.Name, s.Title}, what, text, strings.Join(can, ", ")))
				}
			}
		}
	}
}

// choicesOf are the texts that something a guard asks can be; nil when there is no list of them.
func (c *checker) choicesOf(u procedure.GuardUse) (can []string, what string) {
	if u.Function == "channel" {
		return c.p.Open.Channels, "matter.channel()"
	}
	if f := c.p.Field(u.Field); f != nil && f.Type == "choice" {
		for _, choice := range f.Choices {
			can = append(can, choice.Value)
		}
		return can, "fields." + u.Field
	}
	return nil, ""
}

// blindParties: a party that may not follow the matter has no way to act in it.
func (c *checker) blindParties() {
	for i := range c.p.Steps {
		s := &c.p.Steps[i]
		for j, w := range s.By {
			role, ok := partyRole(w.Relation)
			if r := c.p.PartyRole(role); ok && r != nil && !r.Sees {
				c.error(fmt.Sprintf("steps[%d].by[%d]", i, j), ruleBlindParty, nil, say(
					"步骤%[1]s要由%[2]s来做，而这种当事人不能查询事项（sees: false），没有办法做",
					"the step %[1]s is for %[2]s, who may not follow the matter (sees: false) and so has no way to act",
					thing{s.Name, s.Title}, thing{r.Role, r.Title}))
			}
		}
	}
}
