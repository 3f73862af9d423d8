package prose_test

import (
	"strings"
	"testing"

	"luoshi/internal/procedure"
)

func TestGuardsInWords(t *testing.T) {
	p := stall(t)
	for _, c := range []struct{ when, zh, en string }{
		{`fields.goods == "food"`, "“卖什么”是“吃的”", "“What is sold” is “Food”"},
		{`fields.goods != "food" && fields.size <= 5`, "“卖什么”不是“吃的”，而且“面积”不大于5", "“What is sold” is not “Food”, and “Size” is at most 5"},
		{`has(fields.size) || matter.assigned()`, "填了“面积”，或者已经有经办人", "“Size” is filled in, or somebody is assigned"},
		{`matter.referred() && (fields.size > 3 || matter.late("decide"))`, "事项是别的单位转来的，而且（“面积”大于3，或者时限“作出决定”已经过了）",
			"another office referred it, and (“Size” is more than 3, or the time limit “Decide” is over)"},
		{`!matter.late("decide")`, "并非（时限“作出决定”已经过了）", "not (the time limit “Decide” is over)"},
		{`matter.taken("papers") < 2`, "办理“补材料”的次数小于2", "the number of times “Send papers” was done is less than 2"},
		{`matter.channel() == "phone"`, "提出的途径是“电话”", "the way it was brought is “telephone”"},
		{`matter.parties("neighbour") >= 1`, "邻居的人数不小于1", "the number of people who are Neighbour is at least 1"},
		{`matter.outstanding("kitchen") == 0`, "没有办结的“卫生意见”的件数是0", "the number of “Health opinion” not yet ended is 0"},
		{`matter.extensions("decide") == 0`, "时限“作出决定”延长过的次数是0", "the number of times “Decide” was extended is 0"},
	} {
		p.Steps[0].Guard = &procedure.Guard{When: c.when}
		if s := read(t, p, "zh"); !strings.Contains(s, "条件："+c.zh+"（写作 "+c.when+"）\n") {
			t.Errorf("%s is not read as %s:\n%s", c.when, c.zh, conditions(s))
		}
		if s := read(t, p, "en"); !strings.Contains(s, "Only if: "+c.en+" (written "+c.when+")\n") {
			t.Errorf("%s is not read as %s:\n%s", c.when, c.en, conditions(s))
		}
	}
	// What has no words here is given as it is written, never half.
	for _, when := range []string{`fields.place.startsWith("x")`, `matter.referred() && size(fields.place) > 3`, `fields.size + 1 > 3`} {
		p.Steps[0].Guard = &procedure.Guard{When: when}
		if s := read(t, p, "en"); !strings.Contains(s, "Only if: "+when+"\n") {
			t.Errorf("%s is read as\n%s", when, conditions(s))
		}
	}
}

// conditions are the lines of a reading that say conditions.
func conditions(s string) string {
	var lines []string
	for _, l := range strings.Split(s, "\n") {
		if strings.Contains(l, "条件") || strings.Contains(l, "Only if") {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n")
}
