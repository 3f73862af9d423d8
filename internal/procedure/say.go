package procedure

import (
	"fmt"
	"strconv"
	"time"
)

// Say writes a value of the field, as CheckFields or JSON gives it, for people: the title of a choice, yes or no, a
// day in words, the names of files.
func (f *Field) Say(value any, lang string) string {
	if f.Type == TypeFile {
		return sayFiles(FilesOf(value), lang)
	}
	switch v := value.(type) {
	case bool:
		return sayBoolean(v, lang)
	case string:
		switch f.Type {
		case TypeDate:
			return SayDay(v, lang)
		case TypeChoice:
			return f.sayChoice(v, lang)
		}
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

func sayBoolean(yes bool, lang string) string {
	switch {
	case yes && lang == "zh":
		return "是"
	case yes:
		return "yes"
	case lang == "zh":
		return "否"
	}
	return "no"
}

func (f *Field) sayChoice(value, lang string) string {
	for _, c := range f.Choices {
		if c.Value == value {
			return c.Title.In(lang)
		}
	}
	return value
}

// SayDay writes a day given as 2006-01-02 for people; what is no such day is given back.
func SayDay(day, lang string) string {
	t, err := time.Parse(time.DateOnly, day)
	switch {
	case err != nil:
		return day
	case lang == "zh":
		return fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day())
	}
	return t.Format("2 January 2006")
}
