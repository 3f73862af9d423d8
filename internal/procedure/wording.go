package procedure

import (
	"slices"
	"strings"
)

// In names those w stands for in plain words: "assigned mediator", "承办本件的调解员". lang is zh or en; p gives the
// titles of parties.
func (w Who) In(p *Procedure, lang string) string {
	role := RoleIn(w.Role, lang)
	if party, ok := strings.CutPrefix(w.Relation, RelationParty+":"); ok {
		if r := p.PartyRole(party); r != nil {
			return r.Title.In(lang)
		}
		return party
	}
	said, ok := relationWords()[w.Relation]
	switch {
	case !ok:
		return strings.TrimSpace(w.Relation + " " + role)
	case role == "":
		return said.alone.In(lang)
	}
	return strings.ReplaceAll(said.role.In(lang), "*", role)
}

// WhoIn names all of by, in their order.
func (p *Procedure) WhoIn(by []Who, lang string) string {
	said := make([]string, len(by))
	for i, w := range by {
		said[i] = w.In(p, lang)
	}
	if lang == "zh" {
		return strings.Join(said, "、")
	}
	return strings.Join(said, ", ")
}

// OpenersIn says in a language who may begin a matter. What the system begins has come from elsewhere or begins by
// itself: a reader asks for people, and "the system" is nobody.
func (p *Procedure) OpenersIn(lang string) string {
	var people []Who
	itself := Text{}
	for _, w := range p.Open.By {
		switch {
		case w.Relation != RelationSystem:
			people = append(people, w)
		case slices.Contains(p.Open.Channels, "import"):
			itself = Text{"zh": "从别的系统导入", "en": "import from another system"}
		default:
			itself = Text{"zh": "也会自动开始", "en": "it can also begin by itself"}
		}
	}
	said := p.WhoIn(people, lang)
	switch {
	case len(itself) == 0:
		return said
	case len(people) == 0 && !slices.Contains(p.Open.Channels, "import"):
		return Text{"zh": "不用人提出，自动开始", "en": "nobody has to: it begins by itself"}.In(lang)
	case len(people) == 0:
		return itself.In(lang)
	case lang == "zh":
		return said + "；" + itself.In(lang)
	}
	return said + "; " + itself.In(lang)
}

// RoleIn is the name of a role of staff; a role that the product does not know keeps its own.
func RoleIn(role, lang string) string {
	words := Text{"zh": role, "en": role}
	switch role {
	case "clerk":
		words = Text{"zh": "窗口受理员", "en": "clerk"}
	case "mediator":
		words = Text{"zh": "调解员", "en": "mediator"}
	case "officer":
		words = Text{"zh": "承办人", "en": "case officer"}
	case "head":
		words = Text{"zh": "负责人", "en": "head of office"}
	case "supervisor":
		words = Text{"zh": "督办人员", "en": "supervisor"}
	case "auditor":
		words = Text{"zh": "审计人员", "en": "auditor"}
	case "operator":
		words = Text{"zh": "系统管理员", "en": "operator"}
	case "author":
		words = Text{"zh": "规程起草人", "en": "author of procedures"}
	}
	return words.In(lang)
}

// relationWords say a relation without a role, and with one in place of the star.
func relationWords() map[string]struct{ alone, role Text } {
	return map[string]struct{ alone, role Text }{
		"":               {Text{"zh": "无人", "en": "nobody"}, Text{"zh": "*", "en": "*"}},
		"owner":          {Text{"zh": "承办单位", "en": "responsible office"}, Text{"zh": "*", "en": "*"}},
		RelationParty:    {Text{"zh": "当事人", "en": "any party"}, Text{"zh": "身为当事人的*", "en": "* who is a party"}},
		RelationAssigned: {Text{"zh": "经办本件的人", "en": "whoever is assigned"}, Text{"zh": "经办本件的*", "en": "assigned *"}},
		"superior":       {Text{"zh": "上级单位", "en": "office above"}, Text{"zh": "上级单位的*", "en": "* of the office above"}},
		"issuer":         {Text{"zh": "交办单位", "en": "office that issued it"}, Text{"zh": "交办单位的*", "en": "* of the office that issued it"}},
		"referrer":       {Text{"zh": "转来的单位", "en": "office that referred it"}, Text{"zh": "转来单位的*", "en": "* of the office that referred it"}},
		RelationResident: {Text{"zh": "任何人", "en": "anyone"}, Text{"zh": "任何人", "en": "anyone"}},
		RelationSystem:   {Text{"zh": "系统", "en": "the system"}, Text{"zh": "系统", "en": "the system"}},
	}
}

// In is the title of a kind of unit; one that is not declared, or without any declared, keeps its own name.
func (k *Kinds) In(kind, lang string) string {
	if k == nil {
		return kind
	}
	if declared := k.Kind(kind); declared != nil {
		return declared.Title.In(lang)
	}
	return kind
}

// ChannelIn is the name of a way in which a matter can come.
func ChannelIn(channel, lang string) string {
	words := map[string]Text{
		"web":     {"zh": "网页", "en": "web"},
		"api":     {"zh": "接口", "en": "API"},
		"phone":   {"zh": "电话", "en": "telephone"},
		"walk-in": {"zh": "上门", "en": "in person"},
		"letter":  {"zh": "来信", "en": "letter"},
		"import":  {"zh": "从别的系统导入", "en": "import from another system"},
	}
	if w, ok := words[channel]; ok {
		return w.In(lang)
	}
	return channel
}
