package demo

import "fmt"

// person draws a name from two lists. Any likeness to somebody real is chance.
func (d dice) person() string {
	family := []string{"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗",
		"梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕"}
	given := []string{"云舟", "听禾", "砚秋", "知夏", "望舒", "景行", "若谷", "怀瑾", "青禾", "书棠", "临川", "南乔", "清和", "行之", "念远",
		"采薇", "远岫", "竹隐", "星野", "晚晴", "春生", "秋实", "来福", "桂枝", "满仓", "金穗", "大河", "小满", "立冬", "长庚"}
	return pick(d, family) + pick(d, given)
}

// phone draws a number from a range that is not given out to subscribers.
func (d dice) phone() string { return fmt.Sprintf("1990000%04d", d.IntN(10_000)) }

// address is a made-up place below a township, as a resident would write it.
func (d dice) address() string {
	roads := []string{"枫叶路", "柿子巷", "青石街", "水车弄", "望月路", "稻田路", "灯笼街", "石榴里", "听雨巷", "晒谷场"}
	return fmt.Sprintf("%s%d号", pick(d, roads), 1+d.IntN(188))
}

// estate is a made-up housing estate, village group or market.
func (d dice) estate() string {
	names := []string{"云杉小区", "禾苑小区", "晴川里", "槐树湾", "磨坊院", "南窗花园", "石桥村三组", "杏林村一组", "鹅塘村", "柳浪新村",
		"东篱家园", "竹林湾", "溪头村", "山前村五组", "月牙湾小区", "老供销社家属院"}
	return pick(d, names)
}
