package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/internal/web"
)

// Who looks at pages, beside the accounts of staff.
const (
	author  = "author"
	party   = "party"
	anybody = "anybody"
)

// pagePassword is the password of the measuring accounts. These databases hold nothing real.
const pagePassword = "measure the pages"

// runPages asks for every page of a small and a large database, as those see it who have it.
func runPages(ctx context.Context, args []string) error {
	p := newPair("pages", 2*time.Second)
	p.flags.Parse(args)
	end, err := p.serve(ctx, func(ctx context.Context, dir string, start func(more ...string) (*reader, error)) error {
		mine, err := settlePages(ctx, dir)
		if err != nil {
			return err
		}
		r, err := start()
		if err != nil {
			return err
		}
		forms := map[string]url.Values{party: {"number": {mine.Matter.Number}, "code": {mine.Code}}}
		for _, who := range []string{provinceHead, countyHead, townshipClerk, author} {
			forms[who] = url.Values{"login": {who}, "password": {pagePassword}}
		}
		return r.enter(ctx, forms)
	})
	defer end()
	if err != nil {
		return err
	}
	return p.compare(ctx, (*reader).pages)
}

// settlePages gives the accounts their password, and brings a matter to its end for a party to look at.
func settlePages(ctx context.Context, dir string) (*casework.Outcome, error) {
	now, err := readClock(dir)
	if err != nil {
		return nil, err
	}
	core, err := openSite(ctx, siteConfig(dir, ""), now)
	if err != nil {
		return nil, err
	}
	defer core.Close()
	s := core.Service
	hash, err := office.HashPassword(pagePassword)
	if err != nil {
		return nil, err
	}
	for _, a := range []office.Account{account(provinceHead, province, office.RoleHead), account(countyHead, county, office.RoleHead),
		account(townshipClerk, township, office.RoleClerk), account(author, province, office.RoleAuthor)} {
		if err := s.Store.PutAccount(ctx, a, hash, office.TokenHash(token(a.Login))); err != nil {
			return nil, err
		}
	}
	if err := s.ReloadStaff(ctx); err != nil {
		return nil, err
	}
	return livedThrough(ctx, s)
}

// livedThrough is a mediation with its whole history.
func livedThrough(ctx context.Context, s *casework.Service) (*casework.Outcome, error) {
	var l casework.Lodging
	for i := uint64(0); l.Procedure != "people-mediation"; i++ {
		l = draft(rand.New(rand.NewPCG(7, i)), 1)
	}
	out, err := s.Lodge(ctx, office.Actor{System: true}, l, "")
	if err != nil {
		return nil, err
	}
	whole, _ := handling(out.Matter)
	for _, step := range whole {
		if _, err := s.TakeStep(ctx, office.Actor{Account: s.Staff().Accounts[step.by]}, out.Matter.Number, step.StepCommand, ""); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// enter signs in everybody by their forms and keeps their cookies.
func (r *reader) enter(ctx context.Context, forms map[string]url.Values) error {
	r.cookies = map[string]string{anybody: ""}
	for who, form := range forms {
		path := "/login"
		if who == party {
			path = "/follow"
		}
		resp, err := r.post(ctx, "", path, form)
		if err != nil {
			return err
		}
		for _, c := range resp.Cookies() {
			r.cookies[who] += c.Name + "=" + c.Value + "; "
		}
		if r.cookies[who] == "" {
			return fmt.Errorf("%s was not let in: %s", who, resp.Status)
		}
	}
	return nil
}

// post sends a form and answers with the head of the answer.
func (r *reader) post(ctx context.Context, who, path string, form url.Values) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Cookie", r.cookies[who])
	resp, err := r.http.Do(req)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return resp, errors.Join(err, resp.Body.Close())
}

// pages are all that is asked for: every route without variables by itself, so that a page that is added is
// measured, and the others with what makes them heavy.
func (r *reader) pages(ctx context.Context) ([]question, error) {
	var all []question
	for _, pattern := range web.Patterns() {
		path, ok := strings.CutPrefix(pattern, "GET ")
		path = strings.TrimSuffix(path, "{$}")
		if !ok || strings.Contains(path, "{") || path == "/live" {
			continue
		}
		for _, who := range []string{anybody, party, provinceHead, countyHead, townshipClerk, author} {
			if r.get(ctx, who, path, nil) == nil && (who == anybody || strings.HasPrefix(path, "/desk") || strings.HasPrefix(path, "/m")) {
				all = append(all, question{path, who, same(path)})
			}
		}
	}
	for _, path := range []string{"/procedures/people-mediation", "/lodge/people-mediation", "/lodge/petition"} {
		all = append(all, question{path, anybody, same(path)})
	}
	all = append(all, question{"/desk/procedures/{id}/try", author, same("/desk/procedures/petition/try")})
	for _, who := range []string{provinceHead, countyHead, townshipClerk} {
		more, err := r.deskPages(ctx, who)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

func (r *reader) deskPages(ctx context.Context, who string) ([]question, error) {
	var all []question
	for _, q := range []string{"show=all&order=newest", "show=ended", "procedure=petition", "state=petition/handling", "mine=1"} {
		all = append(all, question{"/desk?" + q, who, same("/desk?" + q)})
	}
	for _, search := range [][2]string{{"common", commonWord}, {"rare", rareWord}, {"two common", commonWord + " 尽快修好"}} {
		resp, err := r.post(ctx, who, "/desk", url.Values{"words": {search[1]}, "show": {"all"}})
		if err != nil {
			return nil, err
		}
		all = append(all, question{"/desk, search: " + search[0], who, same(resp.Header.Get("Location"))})
	}
	numbers, err := r.numbers(ctx, who)
	if err != nil {
		return nil, err
	}
	return append(all, question{"/desk/m/{number}", who, func(d *rand.Rand) string { return "/desk/m/" + numbers[d.IntN(len(numbers))] }}), nil
}
