package casework

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"luoshi/internal/media"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

// FileStore keeps the content of files, beside the entries that name them.
type FileStore interface {
	// PutFile keeps a file until u.Expires, or for good once a Change names it as fresh. One whose ID is there already
	// is left as it is. It is durable on return.
	PutFile(ctx context.Context, u Upload, data []byte) error
	// Upload is what is known of a file that is whole; ErrNotFound when there is none.
	Upload(ctx context.Context, id string) (Upload, error)
	// FileData is the content; ErrNotFound when it was erased or never there.
	FileData(ctx context.Context, id string) ([]byte, error)
	// Waiting is how many bytes the files have that no entry names.
	Waiting(ctx context.Context) (int64, error)
	// DropUploads removes those of them that have expired by now, and says how many.
	DropUploads(ctx context.Context, now time.Time) (int, error)
}

// FilePart is how many bytes of a file stand in one row: so many are written and read at once.
const FilePart = 512 << 10

// Upload is a file that was sent.
type Upload struct {
	procedure.File
	Expires time.Time // when it is removed unless an entry names it; zero: one does
}

// Limits on files.
const (
	// DefaultMaxFile is how many bytes a file may have where MaxFile says nothing.
	DefaultMaxFile = 10 << 20
	// uploadTime is how long a file is kept that no entry names: a form may stay open over night.
	uploadTime = 24 * time.Hour
	// waitingFiles times the size of the largest file is how many bytes may wait to be named: then the disk does not
	// fill with what nobody hands in.
	waitingFiles = 200
)

// FileLimit is how many bytes a file may have.
func (s *Service) FileLimit() int64 { return cmp.Or(s.MaxFile, DefaultMaxFile) }

// TakeFile keeps a file that somebody means to hand in, for a day. Its type is found by its content; what a photograph
// tells beside its picture is taken out. The same file under the same key is the same upload. Who knows its ID can name
// it in a lodging or a step, once.
func (s *Service) TakeFile(ctx context.Context, a office.Actor, name string, data []byte, key string) (Upload, error) {
	if int64(len(data)) > s.FileLimit() {
		return Upload{}, ErrFileTooLarge(s.FileLimit())
	}
	t, err := media.Look(data)
	if err == nil {
		data, err = media.Clean(t, data)
	}
	if err != nil {
		return Upload{}, refusedFile(err)
	}
	sum := sha256.Sum256(data)
	u := Upload{Expires: s.Now().Add(uploadTime), File: procedure.File{ID: s.uploadID(a, key, sum[:]), Name: media.Name(name, t), MediaType: t.MediaType,
		Kind: t.Kind, Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:]), Fresh: true}}
	if have, err := s.Store.Upload(ctx, u.ID); err == nil {
		return have, nil
	} else if !errors.Is(err, ErrNotFound) {
		return Upload{}, storeError(err)
	}
	waiting, err := s.Store.Waiting(ctx)
	if err != nil {
		return Upload{}, storeError(err)
	}
	if waiting+u.Size > waitingFiles*s.FileLimit() {
		return Upload{}, fail(Unavailable, "too-many-uploads", "现在等着提交的文件太多，没有收下这个文件。请保留已填写的内容，过一会儿再试。",
			"Too many files wait to be handed in at the moment; this one was not kept. Please keep what you wrote and try again later.")
	}
	return u, storeError(s.Store.PutFile(ctx, u, data))
}

// uploadID is a random name, or one that the same file gets again under the same key and no other file ever.
func (s *Service) uploadID(a office.Actor, key string, sum []byte) string {
	if key == "" {
		return rand.Text()
	}
	mac := hmac.New(sha256.New, s.secret)
	fmt.Fprintf(mac, "luoshi upload\x00%s\x00%s\x00%x", owner(a), key, sum)
	return base32.StdEncoding.EncodeToString(mac.Sum(nil))[:26]
}

// ErrFileTooLarge says that a file has more bytes than limit.
func ErrFileTooLarge(limit int64) error {
	size := megabytes(limit)
	return invalid("file", "file-too-large", "文件太大，最大 "+size+"。照片请缩小后再传，录音录像请分段，材料请分成几个文件。",
		"The file is too large; at most "+size+". Make a picture smaller, cut a recording into pieces, or split the papers into several files.")
}

// ErrBusy says that too many files come at once.
func ErrBusy() error {
	return fail(Unavailable, "too-many-uploads", "现在上传的人太多，没有收下这个文件。请保留已填写的内容，过一会儿再试。",
		"Too many people are sending files at the moment; this one was not kept. Please keep what you wrote and try again shortly.")
}

// megabytes writes a size for people.
func megabytes(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", max(n>>10, 1))
	}
	return fmt.Sprintf("%d MB", n>>20)
}

// refusedFile says for the person why a file is not taken, and what to do.
func refusedFile(err error) error {
	switch {
	case errors.Is(err, media.ErrEmpty):
		return invalid("file", "file-empty", "文件是空的（0 字节）。请重新拍照或者换一个文件。", "The file is empty (0 bytes). Take the picture again or choose another file.")
	case errors.Is(err, media.ErrDamaged):
		return invalid("file", "file-damaged", "文件已损坏，打不开。请重新拍照、扫描或者另存一份再传。", "The file is damaged and cannot be opened. Take the picture again, scan it again, or save it anew and send that.")
	case errors.Is(err, media.ErrMacros):
		return invalid("file", "file-macros", "文件里有宏（程序），为安全起见不收。请另存为不带宏的 DOCX、XLSX 或者 PDF 再传。", "The file holds macros, which are programs and are not taken. Save it without macros as DOCX, XLSX or PDF and send that.")
	case errors.Is(err, media.ErrBomb):
		return invalid("file", "file-unpacks", "文件打开后会变得非常大，不收。请另存为 PDF 或者缩小图片再传。", "Opened, the file would become enormous, so it is not taken. Save it as PDF, or make the picture smaller, and send that.")
	}
	return invalid("file", "file-unknown", "不收这种文件。请交照片（JPEG、PNG、WebP、HEIC）、PDF、DOCX、XLSX、ODT、TXT、录音或者录像；别的请另存为 PDF。",
		"A file of this kind is not taken. Hand in a picture (JPEG, PNG, WebP, HEIC), PDF, DOCX, XLSX, ODT, TXT, a sound recording or a video; save anything else as PDF.")
}

// Sent is the file of an upload that no entry names yet; ok is false when there is none of that ID.
func (s *Service) Sent(ctx context.Context, id string) (f procedure.File, ok bool, err error) {
	u, err := s.Store.Upload(ctx, id)
	if errors.Is(err, ErrNotFound) || err == nil && u.Expires.IsZero() {
		return procedure.File{ID: id}, false, nil
	}
	u.Fresh = true
	return u.File, err == nil, storeError(err)
}

// DropUploads removes files that were sent and that nobody handed in.
func (s *Service) DropUploads(ctx context.Context) (int, error) {
	n, err := s.Store.DropUploads(ctx, s.Now())
	return n, storeError(err)
}
