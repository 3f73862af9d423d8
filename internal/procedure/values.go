package procedure

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Types of fields.
const (
	TypeString  = "string"  // one line
	TypeText    = "text"    // several lines
	TypeInteger = "integer" // 64 bits
	TypeNumber  = "number"  // as in JSON Schema: whole or with a fraction, of magnitude up to 2^53
	TypeBoolean = "boolean"
	TypeDate    = "date"   // YYYY-MM-DD
	TypeChoice  = "choice" // one of the declared values
	TypeFile    = "file"   // one or several files
)

// Greatest lengths in code points where the field declares none.
const (
	defaultStringLength = 200
	defaultTextLength   = 20000
)

// Codes of field errors.
const (
	FieldRequired    = "required"
	FieldUnknown     = "unknown-field"
	FieldWrongType   = "wrong-type"
	FieldTooLong     = "too-long"
	FieldNotAChoice  = "not-a-choice"
	FieldPattern     = "pattern"
	FieldInvalidDate = "invalid-date"
	FieldOutOfRange  = "out-of-range"
	FieldInvalidUTF8 = "invalid-utf8"
)

// FieldError is what is wrong with one value, with words for the person who entered it.
type FieldError struct {
	Field string `json:"field"`
	Code  string `json:"code"`
	Text  Text   `json:"text"`
}

// FieldErrors is everything wrong with a set of values: the fields asked for in their order, then those not
// asked for by name.
type FieldErrors []FieldError

// Error lists the faults in English. It never repeats a value, which may be personal.
func (e *FieldErrors) Error() string { return e.In("en") }

// In lists the faults in lang, zh or en.
func (e *FieldErrors) In(lang string) string {
	lines := make([]string, len(*e))
	for i, f := range *e {
		lines[i] = f.Field + ": " + f.Text.In(lang)
	}
	return strings.Join(lines, "\n")
}

// CheckFields checks the values given for the fields of a step or of the opening and returns them in their
// normal form: string (also for text, choice and date as YYYY-MM-DD), int64, float64 (number), bool, []File. Left out are
// fields that were not required and not filled in (nil, the empty string, an empty list). Text is kept as it is, control characters
// included, as long as it is UTF-8. The error is a *FieldErrors.
func (p *Procedure) CheckFields(uses []FieldUse, values map[string]any) (map[string]any, error) {
	checked := make(map[string]any, len(uses))
	var errs FieldErrors
	for _, use := range uses {
		field := p.fields[use.Name]
		value := values[use.Name]
		switch {
		case field == nil:
			errs = append(errs, unknownField(use.Name))
		case absent(value):
			if use.Required {
				errs = append(errs, field.missing())
			}
		default:
			normal, fault := p.checkValue(field, value)
			if fault == nil && use.Required && blank(normal) {
				missing := field.missing()
				fault = &missing
			}
			if fault != nil {
				errs = append(errs, *fault)
				continue
			}
			checked[use.Name] = normal
		}
	}
	errs = append(errs, notAsked(uses, values)...)
	if len(errs) > 0 {
		return nil, &errs
	}
	return checked, nil
}

// notAsked refuses values for fields that nobody asks for, by name.
func notAsked(uses []FieldUse, values map[string]any) FieldErrors {
	var names []string
	for name := range values {
		if !slices.ContainsFunc(uses, func(u FieldUse) bool { return u.Name == name }) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var errs FieldErrors
	for _, name := range names {
		errs = append(errs, unknownField(name))
	}
	return errs
}

func absent(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []File:
		return len(v) == 0
	}
	return false
}

// missing is the fault of a field that must have a value and has none.
func (f *Field) missing() FieldError {
	if f.Type == TypeFile {
		return f.fault(FieldRequired, "请为“%s”选择文件。", "Choose a file for “%s”.")
	}
	return f.fault(FieldRequired, "请填写“%s”。", "Fill in “%s”.")
}

func blank(v any) bool {
	s, ok := v.(string)
	return ok && strings.TrimSpace(s) == ""
}

func unknownField(name string) FieldError {
	return FieldError{Field: name, Code: FieldUnknown, Text: Text{
		"zh": "这里没有这个栏目，请去掉。", "en": "This field is not asked for here. Leave it out."}}
}

// fault words an error; the title of the field is the first argument of both formats.
func (f *Field) fault(code, zh, en string, args ...any) FieldError {
	return FieldError{Field: f.Name, Code: code, Text: Text{
		"zh": fmt.Sprintf(zh, append([]any{f.Title.In("zh")}, args...)...),
		"en": fmt.Sprintf(en, append([]any{f.Title.In("en")}, args...)...),
	}}
}

func (p *Procedure) checkValue(f *Field, value any) (any, *FieldError) {
	switch f.Type {
	case TypeInteger:
		return f.checkInteger(value)
	case TypeNumber:
		return f.checkNumber(value)
	case TypeBoolean:
		return f.checkBoolean(value)
	case TypeFile:
		return f.checkFiles(value)
	}
	s, ok := value.(string)
	if !ok {
		e := f.fault(FieldWrongType, "“%s”应当是文字。", "“%s” must be text.")
		return nil, &e
	}
	if !utf8.ValidString(s) {
		e := f.fault(FieldInvalidUTF8, "“%s”的文字编码不对，请用 UTF-8 重新提交。", "“%s” is not valid UTF-8 text. Send it again as UTF-8.")
		return nil, &e
	}
	switch f.Type {
	case TypeDate:
		return f.checkDate(s)
	case TypeChoice:
		return f.checkChoice(s)
	}
	if f.Checksum != "" {
		s = identifier(s)
	}
	if normal, fault := p.checkText(f, s); fault != nil || f.Checksum == "" || s == "" {
		return normal, fault
	}
	return f.checkChecksum(s)
}

// Limit is the greatest length of a string or text field, in code points.
func (f *Field) Limit() int {
	switch {
	case f.MaxLength > 0:
		return f.MaxLength
	case f.Type == TypeText:
		return defaultTextLength
	}
	return defaultStringLength
}

func (p *Procedure) checkText(f *Field, s string) (any, *FieldError) {
	if n := utf8.RuneCountInString(s); n > f.Limit() {
		e := f.fault(FieldTooLong, "“%s”最多 %d 个字，现在是 %d 个字。", "“%s” may have at most %d characters; it has %d.", f.Limit(), n)
		return nil, &e
	}
	if m := p.patterns[f.Name]; m != nil && !m.MatchString(s) {
		hintZh, hintEn := f.Hint["zh"], f.Hint["en"]
		e := f.fault(FieldPattern, "“%s”的写法不对。", "“%s” is not written as it should be.")
		e.Text = Text{"zh": e.Text["zh"] + hintZh, "en": strings.TrimSpace(e.Text["en"] + " " + hintEn)}
		return nil, &e
	}
	return s, nil
}

func (f *Field) checkChoice(s string) (any, *FieldError) {
	for _, c := range f.Choices {
		if c.Value == s {
			return s, nil
		}
	}
	e := f.fault(FieldNotAChoice, "“%s”请从列出的选项中选一个。", "Choose one of the listed answers for “%s”.")
	return nil, &e
}

func (f *Field) checkDate(s string) (any, *FieldError) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		e := f.fault(FieldInvalidDate, "“%s”应当是真实存在的日期，写成 2026-01-31 这样。", "“%s” must be a date that exists, written like 2026-01-31.")
		return nil, &e
	}
	return s, nil
}

func (f *Field) checkBoolean(value any) (any, *FieldError) {
	switch v := value.(type) {
	case bool:
		return v, nil
	case string:
		switch v {
		case "true", "on":
			return true, nil
		case "false", "off":
			return false, nil
		}
	}
	e := f.fault(FieldWrongType, "“%s”应当是“是”或“否”。", "“%s” must be yes or no (true or false).")
	return nil, &e
}
