package report

import (
	"strconv"
	"strings"
)

// number reads digits (with commas and a decimal point) or a Chinese number up to 9,999, with 万 or 亿 after it; false
// when it is none.
func number(text string) (float64, bool) {
	scale := 1.0
	for cut := true; cut; {
		cut = false
		for _, unit := range []struct {
			word string
			by   float64
		}{{"万", 1e4}, {"亿", 1e8}} {
			if rest, ok := strings.CutSuffix(text, unit.word); ok && rest != "" {
				text, scale, cut = rest, scale*unit.by, true
			}
		}
	}
	if n, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64); err == nil && text[0] >= '0' && text[0] <= '9' {
		return n * scale, true
	}
	n, ok := chineseNumber(text)
	return float64(n) * scale, ok
}

// chineseNumber reads 一 to 九千九百九十九, 两, and digits in a row such as 二〇二五.
func chineseNumber(text string) (int, bool) {
	if text == "" {
		return 0, false
	}
	digits := map[rune]int{'〇': 0, '零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	units := map[rune]int{'十': 10, '百': 100, '千': 1000}
	total, digit, row, placed := 0, -1, 0, false
	for _, r := range text {
		if d, ok := digits[r]; ok {
			if row = row*10 + d; row > 9999 {
				return 0, false
			}
			digit = d
			continue
		}
		unit, ok := units[r]
		if !ok {
			return 0, false
		}
		if digit < 0 {
			digit = 1
		}
		total += digit * unit
		digit, row, placed = 0, 0, true
	}
	if !placed {
		return row, true
	}
	return total + max(digit, 0), true
}
