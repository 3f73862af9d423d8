package soundness

import "luoshi/internal/procedure"

// hindrance is why a step cannot be taken where the matter stands and somebody would take it.
type hindrance uint8

const (
	hindNobody hindrance = 1 << iota // nobody is there who could take it
	hindGuard                        // its guard does not hold
	hindWaits                        // a sub-matter it waits for is outstanding
	hindClock                        // the clock to extend is not open
	hindSpent                        // the clock was extended as often as may be
	hindBack                         // the matter was not referred
	hindFull                         // as many sub-matters are outstanding as may be
	hindEnd                          // it ends the matter while a sub-matter is outstanding
)

// weigh says whether a step from the state where the matter stands is lawful now, whoever takes it, and if not,
// why. Perhaps is for what depends on a guard over values without number, or on which rule of law is in force.
func (m *model) weigh(k *key, s *step) (procedure.Outcome, hindrance) {
	o := procedure.Always
	if s.guard != nil {
		if o = s.guard.holds(k); o == procedure.Never || o == procedure.Fails {
			return o, hindGuard
		}
	}
	for _, i := range s.waits {
		if m.subs[i].get(k) > 0 {
			return procedure.Never, hindWaits
		}
	}
	if h := m.extension(k, s); h != 0 {
		return procedure.Never, h
	}
	toReferrer := s.Refer == procedure.ReferBack || s.Opens != nil && s.Opens.Unit == relationReferrer ||
		s.Continues != nil && s.Continues.Unit == relationReferrer
	if toReferrer && m.referral.get(k) == 0 {
		return procedure.Never, hindBack
	}
	if s.opens >= 0 {
		if sub := &m.subs[s.opens]; sub.exact && sub.get(k) == sub.Max {
			return procedure.Never, hindFull
		}
	}
	if s.to >= 0 && m.ends[s.to] {
		for i := range m.subs {
			if !m.subs[i].Detached && (m.subs[i].get(k) > 0 || s.opens == i) {
				return procedure.Never, hindEnd
			}
		}
	}
	return o, 0
}

func (m *model) extension(k *key, s *step) hindrance {
	if s.extends < 0 {
		return 0
	}
	c := &m.clocks[s.extends]
	if k[0]>>s.extends&1 == 0 {
		return hindClock
	}
	if c.extensions.get(k) >= c.most {
		return hindSpent
	}
	return 0
}

// sure tells whether a lawful step is lawful under every rule of law and however many sub-matters there are
// beyond those that are counted.
func (m *model) sure(k *key, s *step) bool {
	if s.extends >= 0 && m.clocks[s.extends].extensions.get(k) >= m.clocks[s.extends].least {
		return false
	}
	if s.opens >= 0 {
		sub := &m.subs[s.opens]
		return sub.exact || sub.Max == 0 || sub.get(k) < sub.size-1
	}
	return true
}

// programBlocked says why the program cannot take a step by itself in this situation though it is lawful:
// something is asked for that only a person can give. nil: it can.
func (m *model) programBlocked(k *key, s *step) procedure.Text {
	if s.blind {
		return say("这一步要填写或者选择，系统不能替人做", "it asks for something that only a person can give: a required field or note, or a choice")
	}
	if s.to < 0 || s.Continues != nil {
		return nil
	}
	for _, name := range m.p.States[s.to].Requires {
		if i := m.fieldIndex(name); i >= 0 && m.fields[i].get(k) == 0 {
			return say("“%[1]s”可能还没有填写", "the field %[1]q, which has to be known there, may not be", name)
		}
	}
	return nil
}

// hindranceWords say why a step cannot be taken.
func hindranceWords(h hindrance) procedure.Text {
	switch {
	case h&hindGuard != 0:
		return say("它的条件不成立", "its guard does not hold")
	case h&hindWaits != 0, h&hindEnd != 0:
		return say("还有没有办完的子事项", "a sub-matter has not ended")
	case h&hindClock != 0:
		return say("要延长的时限没有在计算", "the clock to extend is not open")
	case h&hindSpent != 0:
		return say("时限已经延长到最多次数", "the clock was extended as often as may be")
	case h&hindBack != 0:
		return say("事项不是转来的，无处可退", "the matter was not referred, so there is nowhere to go back to")
	case h&hindFull != 0:
		return say("子事项已经到了最多个数", "as many sub-matters are outstanding as may be")
	case h&hindNobody != 0:
		return say("没有人可以做", "there is nobody who could take it")
	}
	return say("没有办法走到那里", "no way leads there")
}
