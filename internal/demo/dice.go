package demo

import "math/rand/v2"

// dice are the random choices about one thing. Two dice from the same seed and names fall alike.
type dice struct{ *rand.Rand }

// Names of the sequences of dice, so that no two things share one.
const (
	diceLodging = iota + 1
	diceNature
	diceMove
	diceStaff
)

// newDice gives the dice for the i-th thing of a kind, at its n-th turn.
func newDice(seed int64, kind, i, n int) dice {
	return dice{rand.New(rand.NewPCG(uint64(seed), uint64(kind)<<56|uint64(i)<<24|uint64(n)))}
}

// chance is true in p of all cases.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// between is evenly spread over [low, high).
func (d dice) between(low, high float64) float64 { return low + d.Float64()*(high-low) }

// pick takes one of the things, each as likely as the other.
func pick[T any](d dice, things []T) T { return things[d.IntN(len(things))] }

// weighted is a thing with its share.
type weighted[T any] struct {
	thing T
	share float64
}

// draw takes one of the things by their shares; false when no share is above zero.
func draw[T any](d dice, things []weighted[T]) (T, bool) {
	sum := 0.0
	for _, w := range things {
		sum += w.share
	}
	at := d.Float64() * sum
	for _, w := range things {
		if at -= w.share; w.share > 0 && at < 0 {
			return w.thing, true
		}
	}
	var none T
	return none, false
}
