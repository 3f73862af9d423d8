package casework

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"

	"luoshi/internal/calendar"
	"luoshi/internal/office"
)

// StoredCalendar is one version of a calendar of days off as the database keeps it. Versions are never changed and
// never removed, so that every date can be computed again by the calendar it names.
type StoredCalendar struct {
	Name    string
	Seq     int    // from 1 without a gap; the highest is in force
	Version string // calendar.Calendar.Version
	Source  []byte // calendar.Calendar.Text
	Added   string // when, as an act writes a time
}

// CalendarStore keeps the versions of every calendar.
type CalendarStore interface {
	// Calendars returns all versions, by name and then by Seq.
	Calendars(ctx context.Context) ([]StoredCalendar, error)
	// CalendarsInForce returns the highest Seq of each name.
	CalendarsInForce(ctx context.Context) (map[string]int, error)
	// PutCalendar adds a version; ErrTaken when its name has that Seq already.
	PutCalendar(ctx context.Context, c StoredCalendar) error
}

// Calendars are all calendars that this installation knows, with every version they had. Immutable.
type Calendars struct {
	stored  []StoredCalendar
	seqs    map[string]int
	inForce map[string]*calendar.Calendar
	all     map[string]*calendar.Calendar // by key: name and version
}

// builtIn are the calendars that come with the program.
func builtIn() []*calendar.Calendar {
	return []*calendar.Calendar{calendar.China(), calendar.Weekend()}
}

// calendarKey names one version of a calendar in a matter's row.
func calendarKey(c *calendar.Calendar) string { return c.Name() + " " + c.Version() }

// newCalendars reads the stored versions. Of a built-in calendar that is not stored the program's own is in force.
func newCalendars(stored []StoredCalendar) (*Calendars, error) {
	cals := &Calendars{stored: stored, seqs: map[string]int{}, inForce: map[string]*calendar.Calendar{}, all: map[string]*calendar.Calendar{}}
	for _, c := range builtIn() {
		cals.inForce[c.Name()], cals.all[calendarKey(c)] = c, c
	}
	for _, s := range stored {
		c, err := calendar.ParseText(string(s.Source), s.Name)
		if err == nil && c.Version() != s.Version {
			err = fmt.Errorf("calendar %s: its days are those of version %s, not of %s", s.Name, c.Version(), s.Version)
		}
		if err != nil {
			return nil, err
		}
		cals.inForce[s.Name], cals.all[calendarKey(c)], cals.seqs[s.Name] = c, c, s.Seq
	}
	return cals, nil
}

// Find is the calendar of that name as it is in force.
func (c *Calendars) Find(name string) (*calendar.Calendar, error) {
	if found := c.inForce[name]; found != nil {
		return found, nil
	}
	return nil, fmt.Errorf("no calendar %q is known here: load its days off first (luoshi calendar add --name %s FILE), or use one of %v",
		name, name, slices.Sorted(maps.Keys(c.inForce)))
}

// At is one version of a calendar, or nil.
func (c *Calendars) At(name, version string) *calendar.Calendar { return c.all[name+" "+version] }

// before are the keys of the versions that others have followed.
func (c *Calendars) before() []string {
	var keys []string
	for _, s := range c.stored {
		key := s.Name + " " + s.Version
		if c.inForce[s.Name].Version() != s.Version && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// CalendarRow is one version of a calendar in a list.
type CalendarRow struct {
	Name    string   `json:"name"`
	Version string   `json:"version"`
	Years   []string `json:"years" doc:"years whose days off are known, for example 2007-2026, or all"`
	InForce bool     `json:"in_force"`
	Added   string   `json:"added,omitempty" doc:"when it was loaded; absent for one that came with the program and is not stored"`
}

// List lists every version of every calendar, by name, the newest first.
func (c *Calendars) List() []CalendarRow {
	var rows []CalendarRow
	for _, name := range slices.Sorted(maps.Keys(c.inForce)) {
		if c.seqs[name] == 0 {
			rows = append(rows, rowOf(c.inForce[name], true, ""))
		}
		for _, s := range slices.Backward(c.stored) {
			if s.Name == name {
				rows = append(rows, rowOf(c.At(name, s.Version), s.Seq == c.seqs[name], s.Added))
			}
		}
	}
	return rows
}

func rowOf(c *calendar.Calendar, inForce bool, added string) CalendarRow {
	return CalendarRow{Name: c.Name(), Version: c.Version(), Years: c.Years(), InForce: inForce, Added: added}
}

// Calendars are the calendars as they are now.
func (s *Service) Calendars() *Calendars { return s.calendars.Load() }

// nameForm is how a calendar may be called: as a procedure names it.
var nameForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,63}$`)

// AddCalendar loads a file of days off under a name: a year as JSON, an iCalendar file or the project's own text.
// What the file knows is laid on the calendar of that name as it is, if there is one. From then on dates are
// computed with it, and the worker computes provisional dates again. Loading what is there already changes nothing.
func (s *Service) AddCalendar(ctx context.Context, a office.Actor, name string, file io.Reader) (CalendarRow, error) {
	if !a.System && !a.HasRole(s.Tree(), office.RoleOperator, office.Everywhere) {
		return CalendarRow{}, fail(NotAllowed, "not-allowed", "只有系统管理员可以导入日历。", "Only an operator of the whole installation may load a calendar.")
	}
	if !nameForm.MatchString(name) {
		return CalendarRow{}, invalid("name", "wrong-form", "日历名称请用小写字母、数字和连字符，例如 us-tx。", "Name a calendar with small letters, digits and hyphens, for example us-tx.")
	}
	if name == calendar.Weekend().Name() {
		return CalendarRow{}, invalid("name", "reserved", "日历 weekend 只有周末，不能加入节假日；请换一个名称。", "The calendar weekend knows weekends alone and takes no holidays; choose another name.")
	}
	over, err := calendar.Read(file, name)
	if err != nil {
		e := invalid("file", "unreadable", "日历文件无法读取："+err.Error(), "The calendar file cannot be read: "+err.Error())
		e.Cause = err
		return CalendarRow{}, e
	}
	return s.lay(ctx, name, func(base *calendar.Calendar) (*calendar.Calendar, error) { return calendar.Lay(base, over) }, over)
}

// lay puts what make gives of the calendar in force in its place, or first when there is none. Another node may do
// so at the same time: then it is made again of what that one has put there.
func (s *Service) lay(ctx context.Context, name string, make func(*calendar.Calendar) (*calendar.Calendar, error), first *calendar.Calendar) (CalendarRow, error) {
	for range 20 {
		cals := s.Calendars()
		next := first
		var err error
		if base := cals.inForce[name]; base != nil {
			if next, err = make(base); err != nil {
				return CalendarRow{}, err
			}
			if next.Version() == base.Version() && cals.seqs[name] > 0 {
				return rowOf(next, true, cals.added(name)), nil
			}
			if cals.seqs[name] == 0 { // what dates were computed with before must not get lost
				next = base
			}
		}
		err = s.Store.PutCalendar(ctx, StoredCalendar{Name: name, Seq: cals.seqs[name] + 1, Version: next.Version(),
			Source: []byte(next.Text()), Added: FormatTime(s.Now())})
		if err != nil && !errors.Is(err, ErrTaken) {
			return CalendarRow{}, storeError(err)
		}
		if err := s.ReloadProcedures(ctx); err != nil {
			return CalendarRow{}, err
		}
	}
	return CalendarRow{}, errStale(nil)
}

// added is when the version in force was stored.
func (c *Calendars) added(name string) string {
	for _, s := range slices.Backward(c.stored) {
		if s.Name == name {
			return s.Added
		}
	}
	return ""
}

// KeepCalendars stores the calendars that come with the program, or the years that a newer program knows more of.
// It runs when a program that writes starts.
func (s *Service) KeepCalendars(ctx context.Context) error {
	for _, own := range builtIn() {
		_, err := s.lay(ctx, own.Name(), func(base *calendar.Calendar) (*calendar.Calendar, error) {
			if !base.Missing(own) {
				return base, nil
			}
			return calendar.Lay(own, base) // what was loaded here holds
		}, own)
		if err != nil {
			return err
		}
	}
	return nil
}

// refreshCalendars takes over what another node has loaded a moment ago, if it has. A detached service has no
// calendars but those of its rules.
func (s *Service) refreshCalendars(ctx context.Context) error {
	if s.Calendars() == nil {
		return nil
	}
	seqs, err := s.Store.CalendarsInForce(ctx)
	if err != nil || maps.Equal(seqs, s.Calendars().seqs) {
		return err
	}
	return s.ReloadProcedures(ctx)
}
