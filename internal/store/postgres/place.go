package postgres

import (
	"strconv"
	"strings"
)

// A matter's place in the order of numbers is kept among its tokens, in ranges of three levels, so that a
// search can ask for the newest range alone and need not read a common word to its end. No word begins with
// '#', and other logs in the same index have other tokens.
const levels = 3

// rangeBits says how many numbers a range has: 2^10, 2^14 or 2^18.
func rangeBits(level int) int { return 10 + 4*level }

// place is the token of the range of a level in which a matter lies.
func place(log int32, id int64, level int) string {
	return "#" + strconv.FormatInt(int64(log), 10) + "abc"[level:level+1] + strconv.FormatInt(id>>rangeBits(level), 16)
}

// searchTokens is what search-put takes for a matter: its tokens and its places, joined by spaces.
func searchTokens(log int32, id int64, tokens []string) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t)
		b.WriteByte(' ')
	}
	for level := range levels {
		if level > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(place(log, id, level))
	}
	return b.String()
}

// places are the fewest tokens of ranges that together hold every matter from low to below high; they may hold
// some beyond either.
func places(log int32, low, high int64) []string {
	var out []string
	for id := floor(low); id < high; {
		level := 0
		for id&(1<<rangeBits(level+1)-1) == 0 && id+1<<rangeBits(level+1) <= high {
			if level++; level == levels-1 {
				break
			}
		}
		out = append(out, place(log, id, level))
		id += 1 << rangeBits(level)
	}
	return out
}

// floor is the first number of the smallest range in which a matter lies.
func floor(id int64) int64 { return id >> rangeBits(0) << rangeBits(0) }
