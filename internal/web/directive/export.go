package directive

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/web/site"
)

// exported is the board as rows of cells, the first of them the head. Percent is a number, all else is text.
func (s *Pages) exported(v words, b board) [][]any {
	head := []any{}
	for _, key := range []string{"level", "number", "title", "unit", "issuer", "state", "light", "percent", "due", "left", "below", "reported", "said", "achieved", "report", "evidence", "reminded"} {
		head = append(head, v.T("export."+key))
	}
	rows := [][]any{head}
	now := s.Service.Now()
	for _, root := range b.roots {
		root.Each(func(level int, x *casework.Branch) {
			r := s.boardRow(v, x, level, now)
			rows = append(rows, []any{level + 1, r.Number, r.Title, r.Unit, v.Unit(x.Matter.Issuer), r.State, r.LightSaid, r.Percent,
				r.Due, r.Left, r.Below, r.Reported, r.ReportPercent, r.ReportNumber, r.Report, r.Evidence, r.Reminded})
		})
	}
	return rows
}

// harmless is a text that no table program takes for a formula (OWASP, CSV Injection): one that begins like one gets an
// apostrophe before it.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n|＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// ExportCSV gives the board as a text table in UTF-8, with the mark by which table programs know it.
func (s *Pages) ExportCSV(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	b, err := s.board(r, a)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	out.WriteString("\ufeff")
	c := csv.NewWriter(&out)
	for _, row := range s.exported(s.words(site.LanguageOf(r)), b) {
		cells := make([]string, len(row))
		for i, cell := range row {
			switch x := cell.(type) {
			case int:
				cells[i] = strconv.Itoa(x)
			case string:
				cells[i] = harmless(x)
			}
		}
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return attach(w, "text/csv; charset=utf-8", "directives.csv", out.Bytes())
}

// ExportXLSX gives the board as a workbook.
func (s *Pages) ExportXLSX(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	b, err := s.board(r, a)
	if err != nil {
		return err
	}
	file := excelize.NewFile()
	defer file.Close()
	const sheet = "Sheet1"
	for i, row := range s.exported(s.words(site.LanguageOf(r)), b) {
		for j, cell := range row {
			if text, ok := cell.(string); ok {
				row[j] = harmless(text)
			}
		}
		if err := file.SetSheetRow(sheet, "A"+strconv.Itoa(i+1), &row); err != nil {
			return err
		}
	}
	out, err := file.WriteToBuffer()
	if err != nil {
		return err
	}
	return attach(w, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "directives.xlsx", out.Bytes())
}

func attach(w http.ResponseWriter, kind, name string, body []byte) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err := w.Write(body)
	return err
}
