package main

import (
	"fmt"
	"math/rand/v2"

	"luoshi/internal/casework"
)

// Words that the searches look for. One title in four has the common word; the rare one stands in about
// rareMatters matters, however many there are.
const (
	commonWord  = "漏水"
	rareWord    = "骆驼"
	rareMatters = 20
)

// draft is a lodging that differs from others as those of residents do: by place, names and words.
func draft(d *rand.Rand, n int) casework.Lodging {
	l := casework.Lodging{Channel: "web", Title: title(d), Parties: []casework.Party{{Name: person(d), Phone: phone(d)}}}
	if d.Float64() < rareMatters/float64(n) {
		l.Title += "，" + rareWord
	}
	switch d.IntN(3) {
	case 0:
		l.Procedure, l.Unit = "people-mediation", receiver(d, "-justice")
		l.Parties[0].Role = "applicant"
		l.Parties = append(l.Parties, casework.Party{Role: "respondent", Name: person(d)})
		l.Fields = map[string]any{"kind": "neighbour", "facts": story(d), "request": wish(d), "place": place(d), "amount": d.IntN(50_000)}
	case 1:
		l.Procedure, l.Unit = "petition", receiver(d, "")
		l.Parties[0].Role, l.Parties[0].Address = "petitioner", place(d)
		l.Fields = map[string]any{"kind": "claim", "subject": "traffic", "facts": story(d), "request": wish(d), "place": place(d), "raised_before": false}
	default:
		l.Procedure, l.Unit, l.Channel = "hotline-order", receiver(d, ""), "phone"
		l.Parties[0].Role = "caller"
		l.Fields = map[string]any{"description": story(d), "order_kind": "help", "place": place(d)}
	}
	return l
}

// receiver draws a township of the demo province, or its office with the suffix; one in five goes to the
// county instead.
func receiver(d *rand.Rand, suffix string) string {
	county := fmt.Sprintf("%s%02d%02d", province, 1+d.IntN(4), 1+d.IntN(4))
	if d.IntN(5) == 0 {
		return county + suffix
	}
	return fmt.Sprintf("%s%03d%s", county, 1+d.IntN(5), suffix)
}

func title(d *rand.Rand) string {
	if d.IntN(4) == 0 {
		return pick(d, places()) + "楼上" + commonWord + "，" + wish(d)
	}
	return pick(d, places()) + pick(d, troubles()) + "，" + wish(d)
}

func story(d *rand.Rand) string {
	return fmt.Sprintf("%d月%d日起，%s%s，已经%d天。%s说过%d次，%s。", 1+d.IntN(12), 1+d.IntN(28), place(d), pick(d, troubles()),
		2+d.IntN(90), person(d), 1+d.IntN(5), pick(d, []string{"没有人来看", "答应修但是没有动工", "只说等通知", "电话一直打不通", "修了又坏"}))
}

func wish(d *rand.Rand) string {
	return pick(d, []string{"请尽快修好", "要求赔偿损失", "请派人来看", "要求书面答复", "希望双方坐下来谈", "请制止并处理", "要求退还费用"})
}

func place(d *rand.Rand) string {
	return fmt.Sprintf("%s%d号楼%d室", pick(d, places()), 1+d.IntN(40), 101+d.IntN(2000))
}

func places() []string {
	return []string{"云杉小区", "禾苑小区", "晴川里", "槐树湾", "磨坊院", "南窗花园", "石桥村", "杏林村", "鹅塘村", "柳浪新村", "东篱家园",
		"竹林湾", "溪头村", "山前村", "月牙湾", "青石街", "水车弄", "望月路", "稻田路", "灯笼街", "石榴里", "听雨巷"}
}

func troubles() []string {
	return []string{"路灯不亮", "夜里施工吵人", "下水道堵了", "垃圾没人收", "电梯停用", "暖气不热", "车位被占", "工钱没有结清", "围墙越界",
		"井盖丢失", "树枝压线", "自来水发黄", "楼道堆放杂物", "公交改线", "宅基地边界不清", "养狗扰民", "油烟排到窗前", "房租押金不退"}
}

func person(d *rand.Rand) string {
	return pick(d, []string{"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"}) +
		pick(d, []string{"云", "禾", "砚", "知", "望", "景", "若", "怀", "青", "书"}) +
		pick(d, []string{"舟", "秋", "夏", "舒", "行", "谷", "瑾", "棠", "川", "乔"})
}

// phone draws a number from a range that is not given out to subscribers.
func phone(d *rand.Rand) string { return fmt.Sprintf("1990000%04d", d.IntN(10_000)) }

func pick(d *rand.Rand, words []string) string { return words[d.IntN(len(words))] }
