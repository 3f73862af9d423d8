package casework

import (
	"errors"
	"fmt"

	"luoshi/internal/procedure"
)

// ErrorKind is what sort of thing went wrong; web and api turn it into a page or a status.
type ErrorKind int

// The kinds of error.
const (
	Internal    ErrorKind = iota // a fault of ours; the person is told nothing about its inside
	NotFound                     // no such thing, or not for this person to know of
	Invalid                      // the input is wrong; Fields says where
	NotAllowed                   // the act is not lawful for this actor now
	Conflict                     // somebody else acted first; Current holds what is there now
	KeyReused                    // the idempotency key was used for another request
	Unavailable                  // nothing was recorded, e.g. the disk is full; trying again later is safe
	Unknown                      // whether it was recorded is not known; trying again with the same idempotency key is safe
	TooMany                      // too many failed attempts from one place
)

// Error carries a kind, words for the person in every language of the product, and the cause for the log.
type Error struct {
	Kind    ErrorKind
	Code    string // stable, kebab-case, e.g. "stale-version"
	Text    procedure.Text
	Fields  []FieldError
	Current *Matter // with Conflict
	Cause   error
}

// FieldError says what is wrong with one input member.
type FieldError struct {
	Field string
	Code  string
	Text  procedure.Text
}

func (e *Error) Error() string {
	s := e.Code + ": " + e.Text.In("en")
	for _, f := range e.Fields {
		s += fmt.Sprintf("; %s: %s", f.Field, f.Text.In("en"))
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// AsError finds the Error in err, or says what a store's error means, or wraps err as an internal one.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	if e := storeTrouble(err); e != nil {
		return e
	}
	return &Error{Kind: Internal, Code: "internal", Cause: err, Text: text(
		"服务器内部出错。请先查看操作是否已被记录，再决定是否重试；用同一个幂等键重试不会重复记录。",
		"Something failed on our side. See whether it was recorded before you try again; with the same idempotency key nothing is recorded twice.")}
}

// KindOf is the kind of err.
func KindOf(err error) ErrorKind { return AsError(err).Kind }

func text(zh, en string) procedure.Text { return procedure.Text{"zh": zh, "en": en} }

func fail(kind ErrorKind, code, zh, en string) *Error {
	return &Error{Kind: kind, Code: code, Text: text(zh, en)}
}

func invalid(field, code, zh, en string) *Error {
	return invalidInput([]FieldError{{Field: field, Code: code, Text: text(zh, en)}})
}

func invalidInput(fields []FieldError) *Error {
	return &Error{Kind: Invalid, Code: "invalid-input", Fields: fields,
		Text: text("有些内容需要更正。", "Some of what was sent needs correcting.")}
}

// Errors a store returns; verbs turn them into an Error.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("the matter has changed")
	ErrKeyUsed  = errors.New("idempotency key already used")
	ErrTaken    = errors.New("number already taken")
	ErrFileUsed = errors.New("a file is no upload any more")
	ErrFull     = errors.New("storage is full or cannot be written")
	ErrAway     = errors.New("the database cannot be reached; nothing was recorded")
	ErrClosed   = errors.New("the log is not written here; nothing was recorded")
	ErrUnknown  = errors.New("the database went away while it was recording; whether it did is not known")
)

func errNoMatter() *Error {
	return fail(NotFound, "no-such-matter", "没有找到这个事项，或者您无权查看。请核对编号。",
		"There is no such matter, or it is not yours to see. Please check the number.")
}

func errStale(current *Matter) *Error {
	e := fail(Conflict, "stale-version", "在您填写期间，别人已经处理了这个事项。请查看最新情况后再决定；您填写的内容没有丢失。",
		"Somebody else acted on this matter while you were writing. Look at what changed, then decide; what you wrote is kept.")
	e.Current = current
	return e
}

// storeError turns what a store says into an Error.
func storeError(err error) error {
	if errors.Is(err, ErrNotFound) {
		return errNoMatter()
	}
	if e := storeTrouble(err); e != nil {
		return e
	}
	return err
}

// storeTrouble says for the person what a store cannot do at the moment; nil when err is something else.
func storeTrouble(err error) *Error {
	var e *Error
	switch {
	case errors.Is(err, ErrFull):
		e = fail(Unavailable, "storage-full", "存储空间不足或暂时不能写入，您的操作没有被记录。请保留已填写的内容，稍后再试。",
			"Storage is full or cannot be written: nothing was recorded. Please keep what you wrote and try again later.")
	case errors.Is(err, ErrClosed):
		e = fail(Unavailable, "log-closed", "这里的数据库已经迁移到别处，不再写入，您的操作没有被记录。请保留已填写的内容，稍后再试。",
			"This database was moved elsewhere and is not written any more: nothing was recorded. Please keep what you wrote and try again later.")
	case errors.Is(err, ErrUnknown):
		e = fail(Unknown, "outcome-unknown", "与数据库的连接在记录时中断，不知道您的操作是否已被记录。请用同一个幂等键（网页上直接再提交一次）重新发送，不会重复记录，并会得到第一次的答复。",
			"The connection to the database broke while it was recording: whether it was recorded is not known. Send it again with the same idempotency key (on a page: submit again); nothing is recorded twice, and you get the first answer.")
	case errors.Is(err, ErrAway):
		e = fail(Unavailable, "database-away", "暂时无法连接数据库，您的操作没有被记录。请保留已填写的内容，稍后再试。",
			"The database cannot be reached at the moment: nothing was recorded. Please keep what you wrote and try again shortly.")
	default:
		return nil
	}
	e.Cause = err
	return e
}
