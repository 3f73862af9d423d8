package ledger

import (
	"encoding/base64"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// formatProof writes a C2SP tlog-proof, as torchwood does with fifty allocations: every receipt has one.
func formatProof(index int64, proof tlog.RecordProof, checkpoint []byte) string {
	const header, line = "c2sp.org/tlog-proof@v1\nindex ", 45
	b := make([]byte, 0, len(header)+20+line*len(proof)+1+len(checkpoint))
	b = append(b, header...)
	b = strconv.AppendInt(b, index, 10)
	b = append(b, '\n')
	for i := range proof {
		b = base64.StdEncoding.AppendEncode(b, proof[i][:])
		b = append(b, '\n')
	}
	b = append(b, '\n')
	return string(append(b, checkpoint...))
}

// parseProof reads a C2SP tlog-proof. It refuses every text that would not be
// written the same way again.
func parseProof(text string) (index int64, proof tlog.RecordProof, checkpoint string, err error) {
	fail := func(detail string) (int64, tlog.RecordProof, string, error) {
		return 0, nil, "", &Problem{Code: CodeProof, Detail: detail}
	}
	header, checkpoint, ok := strings.Cut(text, "\n\n")
	lines := strings.Split(header, "\n")
	if !ok || len(lines) < 2 || len(lines) > maxLevel+3 {
		return fail("not of the form c2sp.org/tlog-proof@v1")
	}
	index, err = strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return fail("no index")
	}
	for _, line := range lines[2:] {
		h, err := tlog.ParseHash(line)
		if err != nil {
			return fail("a hash is damaged")
		}
		proof = append(proof, h)
	}
	if formatProof(index, proof, []byte(checkpoint)) != text {
		return fail("not in canonical form")
	}
	return index, proof, checkpoint, nil
}
