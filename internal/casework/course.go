package casework

// Channel is a stretch of a matter's course in one procedure.
type Channel struct {
	Rules *Rules // of the version by which the stretch ended, or by which the matter runs
	First int    // seq of its first entry; of the first channel 1, of another the one after the step that led there
	From  string // when it began
	To    string // when the matter went on in another procedure; "" while it has not
	Unit  string // that had the matter last in it, or has it
}

// Course is the way of a matter through procedures, oldest first: one channel for each stretch, whatever versions it ran
// by there. There is always one.
func (f *File) Course() []Channel {
	now := Channel{First: 1, Rules: f.Rules, From: f.Matter.Opened, Unit: f.Matter.Unit}
	var course []Channel
	for _, e := range f.Entries {
		now.Rules = f.RulesAt(e.Act.Seq)
		if e.Act.Continues == nil {
			now.Unit = e.Act.Unit
			continue
		}
		now.To = e.Act.Time
		course = append(course, now)
		now = Channel{First: e.Act.Seq + 1, Rules: f.RulesAfter(e), From: e.Act.Time, Unit: e.Act.Unit}
	}
	return append(course, now)
}
