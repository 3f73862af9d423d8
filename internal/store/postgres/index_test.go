package postgres

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheIndexIsWrittenOutWhenMuchWaitsAndAtRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		flushes := 0
		x := startIndex(func(context.Context) error { flushes++; return errors.New("not allowed") })
		defer x.close()
		want := func(n int, what string) {
			t.Helper()
			if synctest.Wait(); flushes != n {
				t.Errorf("%s: written out %d times, want %d", what, flushes, n)
			}
		}
		x.wrote(flushAfter - 1)
		want(0, "a few words wait")
		x.wrote(1)
		want(1, "many wait")
		time.Sleep(3 * flushRest)
		want(1, "nothing waits")
		x.wrote(1)
		time.Sleep(2 * flushRest)
		want(2, "the store is at rest")
	})
}

func TestTheWriterWaitsWhenTheIndexIsFarBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		finish := make(chan struct{})
		x := startIndex(func(context.Context) error { <-finish; return nil })
		x.wrote(flushAfter)
		synctest.Wait()
		x.wrote(maxWaiting - flushAfter) // must not wait, or the test never ends
		behind := make(chan struct{})
		go func() { x.wrote(1); close(behind) }()
		synctest.Wait()
		select {
		case <-behind:
			t.Error("the writer went on adding to a list that is far too long")
		default:
		}
		close(finish)
		<-behind
		x.close()
	})
}

func TestNoIndexIsNoFault(t *testing.T) {
	var x *index
	x.wrote(1)
	x.close()
}
