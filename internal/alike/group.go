package alike

import (
	"cmp"
	"math"
	"slices"
)

// Groups puts texts that are alike into groups, by their places in the list: each group has two or more, in order, and
// each text is in one group at most. A text is in a group when it is alike to any other in it.
//
// Not every pair is looked at. Two texts that are alike enough share one of the rarest shingles of each (S. Chaudhuri
// et al., A primitive operator for similarity joins in data cleaning, 2006), so what a thousand reports of one form have in
// common costs nothing.
func Groups(texts []Text) [][]int {
	u := newUnion(len(texts))
	same := map[string]int{}
	for i, t := range texts {
		if t.hash == "" {
			continue
		}
		if first, ok := same[t.hash]; ok {
			u.join(first, i)
		} else {
			same[t.hash] = i
		}
	}
	// Those that are the same are looked at once, by the first of them.
	often := map[uint64]int{}
	for i, t := range texts {
		if t.hash != "" && same[t.hash] == i {
			for _, p := range t.pieces {
				often[p]++
			}
		}
	}
	with := map[uint64][]int{}
	for i, t := range texts {
		if t.hash == "" || same[t.hash] != i {
			continue
		}
		for _, p := range t.rarest(often) {
			for _, j := range with[p] {
				if u.find(i) != u.find(j) && t.Resemblance(texts[j]) >= Enough {
					u.join(j, i)
				}
			}
			with[p] = append(with[p], i)
		}
	}
	return u.groups()
}

// rarest are so many of the text's shingles, the rarest first, that any text alike to it has one of them among its own.
func (t Text) rarest(often map[uint64]int) []uint64 {
	pieces := slices.Clone(t.pieces)
	slices.SortFunc(pieces, func(a, b uint64) int { return cmp.Or(cmp.Compare(often[a], often[b]), cmp.Compare(a, b)) })
	need := int(math.Ceil(Enough * float64(len(pieces))))
	return pieces[:min(len(pieces), len(pieces)-need+1)]
}

// union is a union-find structure over places.
type union []int

func newUnion(n int) union {
	u := make(union, n)
	for i := range u {
		u[i] = i
	}
	return u
}

func (u union) find(i int) int {
	for u[i] != i {
		u[i] = u[u[i]]
		i = u[i]
	}
	return i
}

func (u union) join(i, j int) {
	a, b := u.find(i), u.find(j)
	u[max(a, b)] = min(a, b)
}

func (u union) groups() [][]int {
	of := map[int][]int{}
	for i := range u {
		of[u.find(i)] = append(of[u.find(i)], i)
	}
	var out [][]int
	for i := range u {
		if g := of[i]; len(g) > 1 {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b []int) int { return a[0] - b[0] })
	return out
}
