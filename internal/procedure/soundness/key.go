package soundness

import "math/bits"

// key is one situation, packed: the first word has a bit for every clock that is open, the others hold the
// remaining dimensions side by side.
type key [4]uint64

// mostClocks is how many clocks a key has room for.
const mostClocks = 64

// dim is one dimension of the space: a whole number from 0 to size-1 at a place in the key. One of size 1 tells
// nothing apart and takes no room.
type dim struct {
	word, shift uint8
	size        int
}

func (d dim) width() int { return bits.Len(uint(d.size - 1)) }

func (d dim) mask() uint64 { return 1<<d.width() - 1 }

func (d dim) get(k *key) int {
	if d.size < 2 {
		return 0
	}
	return int(k[d.word] >> d.shift & d.mask())
}

func (d dim) set(k *key, v int) {
	if d.size > 1 {
		k[d.word] = k[d.word]&^(d.mask()<<d.shift) | uint64(v)<<d.shift
	}
}

// layout gives dimensions their places.
type layout struct {
	word, shift uint8
	full        bool
}

func (l *layout) dim(size int) dim {
	if size < 2 {
		return dim{size: 1}
	}
	d := dim{size: size}
	if l.word == 0 || int(l.shift)+d.width() > 64 {
		l.word, l.shift = l.word+1, 0
	}
	if int(l.word) == len(key{}) {
		l.full = true
		return dim{size: 1}
	}
	d.word, d.shift = l.word, l.shift
	l.shift += uint8(d.width())
	return d
}
