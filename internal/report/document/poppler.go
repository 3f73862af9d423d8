package document

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"
	"time"
)

// pdfTime is how long pdftotext may take.
const pdfTime = 30 * time.Second

// Pdftotext is a PDF that asks pdftotext of poppler-utils, which handles the encodings of Chinese fonts.
func Pdftotext(ctx context.Context, file []byte) ([]byte, error) {
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		return nil, ErrNoPDF
	}
	ctx, cancel := context.WithTimeout(ctx, pdfTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "-layout", "-enc", "UTF-8", "-", "-")
	cmd.Stdin = bytes.NewReader(file)
	out := &limitedBuffer{left: MaxBytes}
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = out, &said
	if err := cmd.Run(); err != nil {
		if strings.Contains(said.String(), "Incorrect password") {
			return nil, ErrLockedPDF
		}
		return nil, err
	}
	return out.Bytes(), nil
}

// limitedBuffer refuses more than it may hold, which ends the program that writes.
type limitedBuffer struct {
	bytes.Buffer
	left int
}

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errors.New("more text than can be read")
	}
	return b.Buffer.Write(p)
}
