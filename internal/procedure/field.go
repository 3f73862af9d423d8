package procedure

// Field is one declared datum.
type Field struct {
	Name      string   `yaml:"name" json:"name"`
	Title     Text     `yaml:"title" json:"title"`
	Hint      Text     `yaml:"hint" json:"hint,omitempty"`
	Type      string   `yaml:"type" json:"type"` // string, text, integer, number, boolean, date, choice, file
	Choices   []Choice `yaml:"choices" json:"choices,omitempty"`
	MaxLength int      `yaml:"max_length" json:"max_length,omitempty"` // in Unicode code points; default 200 (string), 20000 (text)
	Minimum   *int64   `yaml:"minimum" json:"minimum,omitempty"`
	Maximum   *int64   `yaml:"maximum" json:"maximum,omitempty"`
	Pattern   string   `yaml:"pattern" json:"pattern,omitempty"`     // RE2, anchored
	Checksum  string   `yaml:"checksum" json:"checksum,omitempty"`   // of a string: iso7064-mod11-2, gb32100
	Accept    []string `yaml:"accept" json:"accept,omitempty"`       // of a file: image, pdf, document, audio, video
	MaxFiles  int      `yaml:"max_files" json:"max_files,omitempty"` // of a file; default 1
	Class     string   `yaml:"class" json:"class"`                   // plain, personal or sensitive
	SeenBy    []string `yaml:"seen_by" json:"seen_by"`               // staff, parties, party:<role>, role:<role>, assigned
	Counted   bool     `yaml:"counted" json:"counted,omitempty"`     // a dimension of statistics; choice fields only
}

// Choice is one value of a field of type choice.
type Choice struct {
	Value string `yaml:"value" json:"value"`
	Title Text   `yaml:"title" json:"title"`
}

// FieldUse is a field asked for by a step or by the opening.
type FieldUse struct {
	Name     string `yaml:"name" json:"name"`
	Required bool   `yaml:"required" json:"required"`
}

// State is where a matter may stand.
type State struct {
	Name   string `yaml:"name" json:"name"`
	Title  Text   `yaml:"title" json:"title"`
	Public Text   `yaml:"public" json:"public"` // one sentence for the party: where it stands, what happens next
	End    bool   `yaml:"end" json:"end"`
	// Requires are fields that must have a value while a matter stands here: a step that leads here asks for
	// those that are not known yet.
	Requires []string `yaml:"requires" json:"requires,omitempty"`
}
