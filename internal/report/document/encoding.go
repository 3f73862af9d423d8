package document

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	textunicode "golang.org/x/text/encoding/unicode"
)

// decode gives the text of a file in UTF-8, in UTF-16 with its mark, or in GB18030, which contains GBK and GB 2312.
func decode(file []byte) (string, error) {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(file, []byte("\xff\xfe")) || bytes.HasPrefix(file, []byte("\xfe\xff")) {
		return decodeBy(textunicode.UTF16(textunicode.LittleEndian, textunicode.ExpectBOM), file)
	}
	if bytes.IndexByte(file, 0) >= 0 {
		return "", problem(Encoding)
	}
	if utf8.Valid(file) {
		return string(file), nil
	}
	text, err := decodeBy(simplifiedchinese.GB18030, file)
	if err != nil {
		return "", err
	}
	if !commonHan(text) {
		return "", problem(Encoding)
	}
	return text, nil
}

func decodeBy(e encoding.Encoding, file []byte) (string, error) {
	text, err := e.NewDecoder().Bytes(file)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) || bytes.IndexByte(text, 0) >= 0 {
		return "", problem(Encoding)
	}
	return string(text), nil
}

// commonHan tells whether the characters are such as people write. Bytes in another encoding (Big5, Shift JIS) often
// decode as GB18030 too, into characters that nobody uses; the 3,755 common ones stand in the rows B0 to D7 of GB 2312.
func commonHan(text string) bool {
	encoder := simplifiedchinese.GB18030.NewEncoder()
	han, common := 0, 0
	for _, r := range strings.ToValidUTF8(text, "") {
		if !unicode.Is(unicode.Han, r) {
			continue
		}
		if han++; han > 4000 {
			break
		}
		code, err := encoder.Bytes([]byte(string(r)))
		if err == nil && len(code) == 2 && code[0] >= 0xb0 && code[0] <= 0xd7 && code[1] >= 0xa1 {
			common++
		}
	}
	return han > 0 && common*10 >= han*8
}
