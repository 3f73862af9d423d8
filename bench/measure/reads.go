package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"luoshi/internal/bench"
	"luoshi/internal/store/postgres/pgtest"
)

// question is one kind of request: address gives the next one to send.
type question struct {
	what, who string
	address   func(d *rand.Rand) string
}

// runReads asks the same questions of a small and a large database, each served in its own process.
func runReads(ctx context.Context, args []string) error {
	p := newPair("reads", 3*time.Second)
	onPostgres := p.flags.Bool("postgres", false, "ask the same of copies on PostgreSQL, made by a move")
	p.flags.Parse(args)
	var cluster *pgtest.Cluster
	if *onPostgres {
		var err error
		if cluster, err = durableCluster(); err != nil {
			return err
		}
		defer cluster.End()
	}
	end, err := p.serve(ctx, func(ctx context.Context, dir string, start func(more ...string) (*reader, error)) error {
		db := ""
		if cluster != nil {
			var err error
			if db, err = movedTo(ctx, cluster, dir); err != nil {
				return err
			}
		}
		_, err := start("--db", db)
		return err
	})
	defer end()
	if err != nil {
		return err
	}
	return p.compare(ctx, (*reader).questions)
}

// worsts is the greatest p99 of each kind of answer, at both sizes.
type worsts map[string][2]float64

// kind is page, worklist, search, overview or matter.
func (q question) kind() string {
	if strings.HasPrefix(q.what, "/") {
		return "page"
	}
	switch first, _, _ := strings.Cut(q.what, ":"); {
	case first == "search":
		return "search"
	case strings.HasPrefix(first, "overview"):
		return "overview"
	case q.what == "a matter":
		return "matter"
	}
	return "worklist"
}

func (w worsts) take(q question, small, large float64) {
	have := w[q.kind()]
	w[q.kind()] = [2]float64{max(have[0], small), max(have[1], large)}
}

func (w worsts) print() {
	fmt.Println("\n| worst p99 of every | small ms | large ms | growth |\n|---|--:|--:|--:|")
	for _, kind := range slices.Sorted(maps.Keys(w)) {
		fmt.Printf("| %s | %.1f | %.1f | %.2f |\n", kind, w[kind][0], w[kind][1], w[kind][1]/w[kind][0])
	}
}

// ask sends the question again and again, as many at once as there are clients.
func (r *reader) ask(ctx context.Context, q question) (bench.Result, error) {
	one := func(ctx context.Context) error {
		return r.get(ctx, q.who, q.address(rand.New(rand.NewPCG(rand.Uint64(), 3))), nil)
	}
	if _, err := bench.Run(ctx, r.clients, r.duration/10, one); err != nil { // warm up
		return bench.Result{}, fmt.Errorf("%s, %s: %w", q.what, q.who, err)
	}
	out, err := bench.Run(ctx, r.clients, r.duration, one)
	if out.Errors > 0 {
		err = errors.New(out.FirstError)
	}
	return out, err
}

func (r *reader) get(ctx context.Context, who, address string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+address, nil)
	if err != nil {
		return err
	}
	if cookie, ok := r.cookies[who]; ok && !strings.HasPrefix(address, "/v1/") {
		req.Header.Set("Cookie", cookie)
	} else {
		req.Header.Set("Authorization", "Bearer "+token(who))
	}
	resp, err := r.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: status %s: %.300s", address, resp.Status, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

// page is a page of a list.
type page struct {
	Items []struct{ Number string }
	Next  string
}

// questions are all that is asked, for everybody who asks.
func (r *reader) questions(ctx context.Context) ([]question, error) {
	var all []question
	for _, who := range []string{provinceHead, countyHead, townshipClerk} {
		for _, l := range lists() {
			all = append(all, question{l[0], who, same("/v1/matters?" + l[1])})
		}
		fifth, err := r.fifthPage(ctx, who)
		if err != nil {
			return nil, err
		}
		numbers, err := r.numbers(ctx, who)
		if err != nil {
			return nil, err
		}
		all = append(all, question{"worklist, 5th page", who, same(fifth)},
			question{"search: a number", who, func(d *rand.Rand) string { return "/v1/matters?q=" + numbers[d.IntN(len(numbers))] }},
			question{"overview, by week", who, same("/v1/overview?by=week")},
			question{"a matter", who, func(d *rand.Rand) string { return "/v1/matters/" + numbers[d.IntN(len(numbers))] }})
	}
	return all, nil
}

func same(address string) func(*rand.Rand) string {
	return func(*rand.Rand) string { return address }
}

// lists are the lists asked for and their parameters.
func lists() [][2]string {
	return [][2]string{
		{"worklist", ""},
		{"worklist, one state", "state=lodged"},
		{"worklist, one procedure", "procedure=people-mediation"},
		{"worklist, one procedure and state", "procedure=petition&state=handling"},
		{"worklist, mine", "assignee=me"},
		{"worklist, one colleague's", "assignee=" + handler(township+"-justice")},
		{"worklist, late", "due=late"},
		{"worklist, due this week", "due=week"},
		{"worklist, nobody's", "assignee=none"},
		{"newest", "order=newest&open=any"},
		{"newest, ended", "order=newest&open=false"},
		{"search: common word", "q=" + url.QueryEscape(commonWord)},
		{"search: two common words", "q=" + url.QueryEscape(commonWord+" 尽快修好")},
		{"search: common word, open only", "open=true&q=" + url.QueryEscape(commonWord)},
		{"search: common word, one state", "state=replied&q=" + url.QueryEscape(commonWord)},
		{"search: rare word", "q=" + url.QueryEscape(rareWord)},
		{"search: word that nobody used", "q=" + url.QueryEscape("鸵鸟")},
	}
}

// fifthPage walks four pages and gives the address of the next.
func (r *reader) fifthPage(ctx context.Context, who string) (string, error) {
	address := "/v1/matters?limit=50"
	for range 4 {
		var p page
		if err := r.get(ctx, who, address, &p); err != nil {
			return "", err
		}
		if p.Next == "" {
			break // so few: the last page then
		}
		address = "/v1/matters?limit=50&cursor=" + url.QueryEscape(p.Next)
	}
	return address, nil
}

// numbers are some thousand matters that the account may read: from both ends of several of its lists.
func (r *reader) numbers(ctx context.Context, who string) ([]string, error) {
	var all []string
	for _, query := range []string{"order=newest&open=any", "", "procedure=hotline-order", "order=newest&open=false&procedure=petition"} {
		cursor := ""
		for range 5 {
			var p page
			if err := r.get(ctx, who, "/v1/matters?limit=200&"+query+"&cursor="+url.QueryEscape(cursor), &p); err != nil {
				return nil, err
			}
			for _, row := range p.Items {
				all = append(all, row.Number)
			}
			if cursor = p.Next; cursor == "" {
				break
			}
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s has nothing to read", who)
	}
	return all, nil
}
