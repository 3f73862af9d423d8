package group

import (
	"slices"
	"sync"
	"testing"
)

func TestEverythingPutIsGivenOutOnce(t *testing.T) {
	const writers, each = 16, 200
	q := NewQueue[int]()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if !q.Put(w*each + i) {
					t.Error("an open line refused")
				}
			}
		})
	}
	go func() { wg.Wait(); q.Close() }()
	var got []int
	for first := range q.C() {
		batch := q.Gather([]int{first})
		if len(batch) > Max {
			t.Fatalf("%d at once", len(batch))
		}
		got = append(got, batch...)
	}
	slices.Sort(got)
	if len(got) != writers*each || len(slices.Compact(got)) != writers*each {
		t.Errorf("%d given out, of %d", len(got), writers*each)
	}
}

func TestWhatWaitedIsGivenOutAfterTheLineWasClosed(t *testing.T) {
	q := NewQueue[string]()
	q.Put("a")
	q.Put("b")
	if !q.Close() || q.Close() {
		t.Error("only the first Close closes")
	}
	if q.Put("c") {
		t.Error("a closed line took something")
	}
	if got := q.Gather([]string{<-q.C()}); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("given out: %q", got)
	}
	if _, open := <-q.C(); open {
		t.Error("more was given out than put in")
	}
}

func TestMoreThanFitInATransactionWaitForTheNext(t *testing.T) {
	q := NewQueue[int]()
	for i := range Max {
		q.Put(i)
	}
	if got := q.Gather(make([]int, 10)); len(got) != Max {
		t.Errorf("%d gathered", len(got))
	}
	if got := q.Gather([]int{<-q.C()}); len(got) != 10 {
		t.Errorf("%d left", len(got))
	}
}
