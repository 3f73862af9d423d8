package document

// Kind names a reason for which a file cannot be read as a report.
type Kind string

// The reasons.
const (
	Empty     Kind = "empty"
	TooLarge  Kind = "too-large"
	Encoding  Kind = "encoding"
	Locked    Kind = "locked"
	OldWord   Kind = "old-word"
	NotWord   Kind = "not-word"
	Broken    Kind = "broken"
	Scan      Kind = "scan"
	NoPDF     Kind = "no-pdf"
	NoChinese Kind = "no-chinese"
	NoMeeting Kind = "no-meeting"
)

// Problem is why a file was refused and what to do about it.
type Problem struct{ Kind Kind }

func problem(k Kind) *Problem { return &Problem{k} }

// Error is the English sentence.
func (p *Problem) Error() string { return p.In("en") }

// In is the sentence in "zh" or "en".
func (p *Problem) In(lang string) string {
	w := p.words()
	if lang == "zh" {
		return w[0]
	}
	return w[1]
}

func (p *Problem) words() [2]string {
	switch p.Kind {
	case Empty:
		return [2]string{"文件里没有文字。请检查是否选对了文件。",
			"there is no text in the file; check whether it is the right one"}
	case TooLarge:
		return [2]string{"文件太大：文件最多 20 MB，其中文字最多 512 KB。请只保留会议报道本身后再试。",
			"the file is too large (20 MB at most, 512 KB of text in it); keep the report only and try again"}
	case Encoding:
		return [2]string{"文字编码无法识别，能读的是 UTF-8 和 GB18030。请用编辑器另存为 UTF-8 后再试。",
			"the encoding is neither UTF-8 nor GB18030; save the text as UTF-8 and try again"}
	case Locked:
		return [2]string{"文件设了密码。请打开后去掉密码另存，再试。",
			"the file is protected by a password; open it, save it without one and try again"}
	case OldWord:
		return [2]string{"这是旧格式的 Word 文件（.doc、.rtf）。请另存为 .docx 或纯文本后再试。",
			"this is an old Word format (.doc or .rtf); save it as .docx or plain text and try again"}
	case NotWord:
		return [2]string{"这是压缩包，不是 Word 文件。请解开后选其中的报道。",
			"this is an archive and no Word file; unpack it and choose the report in it"}
	case Scan:
		return [2]string{"这份 PDF 里只有图像，没有文字。请先做文字识别，或用原稿的电子文本。",
			"this PDF file holds pictures and no text; have the text recognised first, or use the original text"}
	case NoPDF:
		return [2]string{"这台机器没有读 PDF 的程序 pdftotext。请安装 poppler-utils，或把文字另存为纯文本后再试。",
			"this machine lacks pdftotext, which reads PDF files; install poppler-utils, or save the text as plain text"}
	case NoChinese:
		return [2]string{"这不是中文文本。只能读中文的会议报道。",
			"this is no Chinese text; only reports in Chinese can be read"}
	case NoMeeting:
		return [2]string{"这不像会议报道：没有写会议、讲话，也没有写要做什么。请检查是否选对了文件。",
			"this does not read like the report of a meeting: it tells of no meeting, no speech and nothing to be done; " +
				"check whether it is the right file"}
	}
	return [2]string{"文件已损坏，读不到结尾。请重新取得这份文件后再试。",
		"the file is damaged and cannot be read to its end; get it again and try once more"}
}
