package web

import (
	"fmt"
	"net/http"
	"strconv"

	"luoshi/internal/office"
)

// sendReceipt gives the receipt of one entry as a file to keep.
func (s *site) sendReceipt(w http.ResponseWriter, r *http.Request, a office.Actor, number string) error {
	seq, err := strconv.Atoi(r.PathValue("seq"))
	if err != nil {
		return errNoPage()
	}
	receipt, err := s.service.Receipt(r.Context(), a, number, seq)
	if err != nil {
		return err
	}
	b, err := receipt.JSON()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", receiptName(receipt.Number, seq)))
	_, _ = w.Write(b) // a reader who went away is nobody's fault
	return nil
}

func (s *site) mineReceipt(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	return s.sendReceipt(w, r, a, a.Party.Matter)
}

func (s *site) matterReceipt(w http.ResponseWriter, r *http.Request, a office.Actor) error {
	return s.sendReceipt(w, r, a, r.PathValue("number"))
}
