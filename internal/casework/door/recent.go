package door

import (
	"context"
	"sync"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/casework/meeting"
)

// recent are meetings as they were read a moment ago. Hundreds of people scan the code of one meeting within minutes, and
// each needs the list of its offices, which may be a thousand; that is read once for all of them. Who has come is never
// taken from here.
type recent struct {
	mu  sync.Mutex
	all map[string]*once // by number
}

// once is one meeting. Whoever finds it too old reads it while the others wait.
type once struct {
	mu      sync.Mutex
	at      time.Time
	meeting *meeting.Meeting
}

const (
	freshFor  = 15 * time.Second // an answer that is given at the last moment is seen after so long
	maxRecent = 50               // meetings
)

// meeting is the meeting of a number. When something was done in the meeting itself, it is read anew at once.
func (r *recent) meeting(ctx context.Context, s *casework.Service, number string) (*meeting.Meeting, error) {
	one := r.one(number)
	one.mu.Lock()
	defer one.mu.Unlock()
	now := s.Now()
	if age := now.Sub(one.at); one.meeting != nil && age >= 0 && age < freshFor {
		version, err := s.Version(ctx, system(), number)
		if err != nil || version == one.meeting.File.Matter.Version {
			return one.meeting, err
		}
	}
	m, err := meeting.Of(ctx, s, system(), number)
	if err == nil {
		one.at, one.meeting = now, m
	}
	return m, err
}

func (r *recent) one(number string) *once {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all[number] == nil {
		if len(r.all) >= maxRecent || r.all == nil {
			r.all = map[string]*once{}
		}
		r.all[number] = &once{}
	}
	return r.all[number]
}
