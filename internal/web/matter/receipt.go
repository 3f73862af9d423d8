package matter

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"luoshi/internal/ledger"
	"luoshi/internal/office"
	"luoshi/internal/web/site"
)

// SendReceipt gives the receipt of one entry as a file to keep.
func (s *Pages) SendReceipt(w http.ResponseWriter, r *http.Request, a office.Actor, number string) error {
	seq, err := strconv.Atoi(r.PathValue("seq"))
	if err != nil {
		return site.ErrNoPage()
	}
	receipt, err := s.Service.Receipt(r.Context(), a, number, seq)
	if err != nil {
		return err
	}
	b, err := receipt.JSON()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", ReceiptName(receipt.Number, seq)))
	_, _ = w.Write(b) // a reader who went away is nobody's fault
	return nil
}

// ReceiptName is the name of the file that holds a receipt.
func ReceiptName(number string, seq int) string {
	return fmt.Sprintf("receipt-%s-%d.json", number, seq)
}

// ReceiptLink is the receipt as an address that holds it.
func ReceiptLink(r *ledger.Receipt) (template.URL, error) {
	b, err := r.JSON()
	if err != nil {
		return "", err
	}
	return template.URL("data:application/json;base64," + base64.StdEncoding.EncodeToString(b)), nil
}
