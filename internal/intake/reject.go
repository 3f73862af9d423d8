package intake

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"
)

// rejects writes the rows that were not taken to a CSV file: number, reason, then the cells as they came.
// The file is made with the first of them; one from an earlier run is removed, so that what lies there
// always belongs to the last run.
type rejects struct {
	path    string
	columns []string
	file    *os.File
	csv     *csv.Writer
}

func newRejects(path string, columns []string) (*rejects, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return &rejects{path: path, columns: columns}, nil
}

func (r *rejects) add(row Row, reason string) error {
	if r.file == nil {
		var err error
		// Rows hold personal data: nobody else on the machine reads them.
		if r.file, err = os.OpenFile(r.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600); err != nil {
			return err
		}
		r.csv = csv.NewWriter(r.file)
		if err := r.csv.Write(slices.Concat([]string{columnRow, columnReason}, r.columns)); err != nil {
			return err
		}
	}
	return r.csv.Write(slices.Concat([]string{strconv.Itoa(row.Number), reason}, row.Cells))
}

func (r *rejects) close() error {
	if r.file == nil {
		return nil
	}
	r.csv.Flush()
	return errors.Join(r.csv.Error(), r.file.Close())
}
