package alike_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"luoshi/internal/alike"
)

const (
	first  = "本周我镇对辖区内12所学校门口的道路逐一查看，发现标线不清5处、减速带缺失3处，已全部改好，照片附后。"
	spaced = "本周，我镇对辖区内８所学校门口的道路 逐一查看；发现标线不清2处、减速带缺失1处，已全部改好。照片附后！"
	edited = "本周我镇对辖区内12所学校门口的道路逐一查看，发现标线不清5处、减速带缺失3处，目前已全部改好，照片附后。"
	other  = "五里坡小学门口没有人行横道，县公路段昨天来划了线，下周一装减速带；另外两所学校旁边的排水沟要等雨季过了才能盖板。"
)

func TestSameAndNear(t *testing.T) {
	a, b, c, d := alike.New(first), alike.New(spaced), alike.New(edited), alike.New(other)
	if a.Hash() == "" || a.Hash() != b.Hash() || a.Resemblance(b) != 1 {
		t.Errorf("marks, spaces and figures make a difference: %s, %s, %v", a.Hash(), b.Hash(), a.Resemblance(b))
	}
	if a.Hash() == c.Hash() {
		t.Error("another word makes no difference to the hash")
	}
	if r := a.Resemblance(c); r < alike.Enough || r >= 1 {
		t.Errorf("one word more: %v", r)
	}
	if r := a.Resemblance(d); r > 0.2 {
		t.Errorf("a report of its own: %v", r)
	}
	short := alike.New("已按要求落实。")
	if short.Hash() != "" || short.Resemblance(short) != 0 {
		t.Error("a text too short to be compared is alike to itself")
	}
}

func TestGroups(t *testing.T) {
	var texts []alike.Text
	for _, s := range []string{first, other, spaced, "已落实。", edited, "已落实。", other + "完。"} {
		texts = append(texts, alike.New(s))
	}
	if d := cmp.Diff([][]int{{0, 2, 4}, {1, 6}}, alike.Groups(texts)); d != "" {
		t.Error(d)
	}
	if got := alike.Groups(nil); got != nil {
		t.Errorf("of none: %v", got)
	}
}

// TestGroupsAreThoseOfPairs compares with looking at every pair.
func TestGroupsAreThoseOfPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := []string{first, other, strings.Repeat("各乡镇要认真落实责任，逐级分解任务。", 3)}
		n := rapid.IntRange(0, 12).Draw(t, "texts")
		var texts []alike.Text
		for range n {
			s := []rune(rapid.SampledFrom(base).Draw(t, "base"))
			for range rapid.IntRange(0, 6).Draw(t, "changes") {
				s[rapid.IntRange(0, len(s)-1).Draw(t, "at")] = rapid.SampledFrom([]rune("甲乙丙丁")).Draw(t, "sign")
			}
			texts = append(texts, alike.New(string(s)))
		}
		together := func(i, j int) bool {
			return slices.ContainsFunc(alike.Groups(texts), func(g []int) bool { return slices.Contains(g, i) && slices.Contains(g, j) })
		}
		for i := range texts {
			for j := range texts {
				if i != j && texts[i].Resemblance(texts[j]) >= alike.Enough && !together(i, j) {
					t.Fatalf("%d and %d are alike and not together", i, j)
				}
			}
		}
	})
}

func BenchmarkGroupsOfAProvince(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var texts []alike.Text
	for i := range 1352 {
		s := fmt.Sprintf("第%d个乡镇：", i)
		for range 40 {
			s += string([]rune(first + other)[r.IntN(80)])
		}
		texts = append(texts, alike.New(first+s))
	}
	for b.Loop() {
		alike.Groups(texts)
	}
}
