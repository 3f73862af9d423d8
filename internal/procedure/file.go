package procedure

import (
	"fmt"
	"slices"
	"strings"
)

// What a field of type file may accept.
const (
	AcceptImage    = "image"    // JPEG, PNG, WebP, HEIC
	AcceptPDF      = "pdf"      // PDF
	AcceptDocument = "document" // DOCX, XLSX, ODT, plain text
	AcceptAudio    = "audio"    // MP3, M4A, AAC, AMR, WAV, Ogg
	AcceptVideo    = "video"    // MP4, MOV, WebM, 3GP
)

// acceptable are the kinds of file in the order of doc/procedures.md, with what people call them.
func acceptable() []struct {
	name  string
	title Text
} {
	return []struct {
		name  string
		title Text
	}{
		{AcceptImage, Text{"zh": "照片", "en": "pictures"}},
		{AcceptPDF, Text{"zh": "PDF", "en": "PDF"}},
		{AcceptDocument, Text{"zh": "文档（Word、Excel等）", "en": "documents (Word, Excel and the like)"}},
		{AcceptAudio, Text{"zh": "录音", "en": "sound recordings"}},
		{AcceptVideo, Text{"zh": "录像", "en": "videos"}},
	}
}

// mostFiles is how many files a field may ask for: more nobody looks through.
const mostFiles = 20

// Codes of field errors of files.
const (
	FieldFileGone     = "file-gone"
	FieldFileType     = "file-type"
	FieldTooManyFiles = "too-many-files"
)

// File is one file of a value. Its content lies beside the entry that names it. Members stand in the order of their
// JSON names, which is the canonical one.
type File struct {
	ID        string `json:"id"` // names the content; random, so that it tells nothing
	MediaType string `json:"media_type"`
	Name      string `json:"name"`
	SHA256    string `json:"sha256"` // of the content, in hex; empty: there is no such file
	Size      int64  `json:"size"`   // bytes

	// Kind is what accept calls a file of that type. It follows from the type and is not recorded.
	Kind string `json:"-"`
	// Fresh: no entry names the file yet.
	Fresh bool `json:"-"`
}

// FilesOf reads the value of a field of type file, as CheckFields gives it or as JSON holds it. What is none has none.
func FilesOf(value any) []File {
	switch v := value.(type) {
	case []File:
		return v
	case []any:
		var files []File
		for _, item := range v {
			if m, ok := item.(map[string]any); ok {
				files = append(files, fileOf(m))
			}
		}
		return files
	}
	return nil
}

func fileOf(m map[string]any) File {
	text := func(name string) string {
		s, _ := m[name].(string)
		return s
	}
	size, _ := integer(m["size"])
	return File{ID: text("id"), MediaType: text("media_type"), Name: text("name"), SHA256: text("sha256"), Size: size}
}

// countFiles is what a guard sees of a value: how many files there are.
func countFiles(value any) int64 {
	if n, ok := value.(int64); ok { // where a value stands for any
		return n
	}
	return int64(len(FilesOf(value)))
}

// FileLimit is how many files a field of type file takes.
func (f *Field) FileLimit() int { return max(f.MaxFiles, 1) }

// AcceptsKind tells whether the field takes files of that kind.
func (f *Field) AcceptsKind(kind string) bool { return slices.Contains(f.Accept, kind) }

// Accepted says in words which kinds of file the field takes.
func (f *Field) Accepted(lang string) string { return AcceptedIn(f.Accept, lang) }

// AcceptedIn says in words what kinds of file these are.
func AcceptedIn(kinds []string, lang string) string {
	var titles []string
	for _, a := range acceptable() {
		if slices.Contains(kinds, a.name) {
			titles = append(titles, a.title.In(lang))
		}
	}
	if lang == "zh" {
		return strings.Join(titles, "、")
	}
	return strings.Join(titles, ", ")
}

// checkFiles takes only files that were found, as []File. What somebody sends names them at most.
func (f *Field) checkFiles(value any) (any, *FieldError) {
	files, ok := value.([]File)
	if !ok {
		e := f.fault(FieldWrongType, "“%s”要先上传文件，再写上传得到的编号。", "“%s” takes files: send each first, then name the id that was given for it.")
		return nil, &e
	}
	if n := len(files); n > f.FileLimit() {
		e := f.fault(FieldTooManyFiles, "“%s”最多 %d 个文件，现在有 %d 个。请去掉几个。", "“%s” takes at most %d files; there are %d. Take some out.", f.FileLimit(), n)
		return nil, &e
	}
	seen := map[string]bool{}
	for _, file := range files {
		switch {
		case file.SHA256 == "" || seen[file.ID]:
			e := f.fault(FieldFileGone, "“%s”的文件没有保存下来，或者已经过期。请重新选一次。", "A file of “%s” was not kept, or was kept too long ago. Choose it again.")
			return nil, &e
		case file.Kind != "" && !f.AcceptsKind(file.Kind):
			e := f.fault(FieldFileType, "“%[1]s”不收“%[2]s”这种文件。可以交：%[3]s。", "“%[1]s” does not take a file like “%[2]s”. You can hand in: %[4]s.", file.Name, f.Accepted("zh"), f.Accepted("en"))
			return nil, &e
		}
		seen[file.ID] = true
	}
	return files, nil
}

// sayFiles is a value in words: the names of the files.
func sayFiles(files []File, lang string) string {
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.Name
	}
	if lang == "zh" {
		return strings.Join(names, "、")
	}
	return strings.Join(names, ", ")
}

// files checks what a field says of files.
func (c *checker) files(path string, f *Field) {
	if f.Type != TypeFile {
		if len(f.Accept) > 0 || f.MaxFiles != 0 {
			c.at(path, ruleFieldLimits, "accept and max_files are for fields of type file")
		}
		return
	}
	c.need(path, "accept", len(f.Accept) == 0)
	var known []string
	for _, a := range acceptable() {
		known = append(known, a.name)
	}
	for i, kind := range f.Accept {
		at := fmt.Sprintf("%s.accept[%d]", path, i)
		c.oneOf(at, kind, known...)
		if slices.Index(f.Accept, kind) < i {
			c.at(at, ruleDuplicateName, "%q is listed twice", kind)
		}
	}
	if f.MaxFiles < 0 || f.MaxFiles > mostFiles {
		c.at(path+".max_files", ruleFieldLimits, "max_files is a whole number from 1 to %d", mostFiles)
	}
}
