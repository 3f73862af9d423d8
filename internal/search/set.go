package search

import "hash/maphash"

// set keeps different tokens in order of arrival. It is an open hash table of
// positions, several times faster than a map for the short tokens of Chinese.
type set struct {
	tokens []string
	slots  []int32 // position in tokens plus one; 0 is free; length a power of two
	seed   maphash.Seed
	limit  int
}

func newSet(expect, limit int) *set {
	expect = min(expect, limit)
	n := 16
	for n < 2*expect {
		n *= 2
	}
	return &set{tokens: make([]string, 0, expect), slots: make([]int32, n), seed: maphash.MakeSeed(), limit: limit}
}

// add reports whether there is room for more.
func (s *set) add(token string) bool {
	at := s.find(token)
	if s.slots[at] != 0 {
		return true
	}
	if len(s.tokens) == s.limit {
		return false
	}
	s.tokens = append(s.tokens, token)
	s.slots[at] = int32(len(s.tokens))
	if 2*len(s.tokens) > len(s.slots) {
		s.grow()
	}
	return true
}

// find is the slot that holds the token, or the free one where it belongs.
func (s *set) find(token string) uint64 {
	mask := uint64(len(s.slots) - 1)
	at := maphash.String(s.seed, token) & mask
	for s.slots[at] != 0 && s.tokens[s.slots[at]-1] != token {
		at = (at + 1) & mask
	}
	return at
}

func (s *set) grow() {
	s.slots = make([]int32, 2*len(s.slots))
	for i, t := range s.tokens {
		s.slots[s.find(t)] = int32(i + 1)
	}
}
