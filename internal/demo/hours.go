package demo

import (
	"time"

	"luoshi/internal/calendar"
)

// hours knows when offices are open: on working days from 8:30 to 12:00 and from 14:00 to 17:30.
type hours struct {
	calendar *calendar.Calendar
	place    *time.Location
}

func (h hours) workingDay(t time.Time) bool {
	return h.calendar.WorkingDay(calendar.DateOf(t.In(h.place)))
}

// clock is the time of day on the day of t, in the offices' time zone.
func (h hours) clock(t time.Time, hour, minute int) time.Time {
	y, m, d := t.In(h.place).Date()
	return time.Date(y, m, d, hour, minute, 0, 0, h.place)
}

// office is t when offices are open then, otherwise soon after they open next.
func (h hours) office(t time.Time, d dice) time.Time {
	for day := t; ; day = h.clock(day, 0, 0).AddDate(0, 0, 1) {
		if !h.workingDay(day) {
			continue
		}
		for _, block := range [][4]int{{8, 30, 12, 0}, {14, 0, 17, 30}} {
			from, to := h.clock(day, block[0], block[1]), h.clock(day, block[2], block[3])
			if t.Before(from) {
				return from.Add(minutes(d.between(2, 100)))
			}
			if t.Before(to) {
				return t
			}
		}
	}
}

// waking is t when people are up then, otherwise some time the next morning.
func (h hours) waking(t time.Time, d dice) time.Time {
	morning := h.clock(t, 6, 40)
	switch {
	case t.Before(morning):
		return morning.Add(minutes(d.between(5, 180)))
	case t.After(h.clock(t, 22, 40)):
		return morning.AddDate(0, 0, 1).Add(minutes(d.between(5, 180)))
	}
	return t
}

// season is how busy a day is compared with an average one: wages before the Spring Festival, noise and water
// in summer, little on days off; a little more every year since from.
func (h hours) season(day, from time.Time) float64 {
	busy := []float64{1.25, 0.75, 1.0, 1.0, 1.05, 1.1, 1.25, 1.2, 1.0, 0.85, 0.95, 1.15}
	share := busy[day.In(h.place).Month()-1] * (1 + 0.12*day.Sub(from).Hours()/24/365)
	if !h.workingDay(day) {
		share *= 0.4
	}
	return share
}

func minutes(n float64) time.Duration { return time.Duration(n * float64(time.Minute)) }

func days(n float64) time.Duration { return time.Duration(n * 24 * float64(time.Hour)) }
