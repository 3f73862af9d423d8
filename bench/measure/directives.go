package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/office"
	"luoshi/internal/server"
	"luoshi/procedures"
)

// Limits that directives are held to.
const (
	issueLimit = 2 * time.Second
	rollLimit  = 200 * time.Millisecond
)

// runDirectives issues one directive to every township of a province, in one call, and counts up how far it is: as one
// whole with all townships, and level after level, through cities and counties.
func runDirectives(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("directives", flag.ExitOnError)
	townships := flags.Int("townships", 1352, "townships of the province")
	rounds := flags.Int("rounds", 5, "how often")
	flags.Parse(args)
	dir, err := os.MkdirTemp("", "luoshi-directives")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p, err := newProvince(ctx, filepath.Join(dir, "luoshi.db"), *townships)
	if err != nil {
		return err
	}
	defer p.core.Close()
	fmt.Println("| round | issued to | ms | of the limit of 2 s | counted up ms | of 200 ms | split by levels ms | counted up ms | of 200 ms |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
	var issue, roll []float64
	for round := range *rounds {
		flat, at, err := p.issueAll(ctx)
		if err != nil {
			return err
		}
		up, parts, err := p.countUp(ctx, flat)
		if err != nil {
			return err
		}
		begin := time.Now()
		tree, err := p.issueTree(ctx)
		if err != nil {
			return err
		}
		levels := time.Since(begin)
		deep, below, err := p.countUp(ctx, tree)
		if err != nil {
			return err
		}
		if parts != *townships || below != p.units {
			return fmt.Errorf("%d and %d parts were counted; %d and %d are there", parts, below, *townships, p.units)
		}
		fmt.Printf("| %d | %d | %.0f | %.2f | %.0f | %.2f | %.0f | %.0f | %.2f |\n", round+1, *townships, ms(at), at.Seconds()/issueLimit.Seconds(),
			ms(up), up.Seconds()/rollLimit.Seconds(), ms(levels), ms(deep), deep.Seconds()/rollLimit.Seconds())
		issue, roll = append(issue, at.Seconds()/issueLimit.Seconds()), append(roll, max(up, deep).Seconds()/rollLimit.Seconds())
	}
	fmt.Printf("\nissuing against its limit by round %s, median %.2f; counting up (the slower of the two) %s, median %.2f\n", list(issue), median(issue), list(roll), median(roll))
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// offices is a database with the offices of a province, and its clerk, who may issue for all of them.
type offices struct {
	core                        *server.Core
	clerk                       office.Actor
	cities, counties, townships []string
	below                       map[string][]string
	units                       int // below the province
	due                         string
}

func newProvince(ctx context.Context, file string, townships int) (*offices, error) {
	c := config.Default()
	c.DB = "sqlite:" + file
	core, err := server.OpenCore(ctx, c, time.Now)
	if err != nil {
		return nil, err
	}
	p := &offices{core: core, below: map[string][]string{}, due: time.Now().AddDate(0, 3, 0).Format(time.DateOnly)}
	units := []office.Unit{{Code: "p", Kind: "province", Name: map[string]string{"zh": "省", "en": "Province"}}}
	add := func(list *[]string, code, parent, kind string) {
		*list = append(*list, code)
		p.below[parent] = append(p.below[parent], code)
		units = append(units, office.Unit{Code: code, Parent: parent, Kind: kind, Name: map[string]string{"zh": code, "en": code}})
	}
	for i := range 11 {
		add(&p.cities, fmt.Sprintf("c%02d", i), "p", "city")
	}
	for i := range 117 {
		add(&p.counties, fmt.Sprintf("x%03d", i), p.cities[i%11], "county")
	}
	for i := range townships {
		add(&p.townships, fmt.Sprintf("t%04d", i), p.counties[i%117], "township")
	}
	p.units = len(units) - 1
	account := office.Account{Login: "clerk", Name: "Clerk", Grants: []office.Grant{{Role: "clerk", Unit: "p"}}}
	source, err := procedures.FS.ReadFile("directive.yaml")
	if err := errors.Join(err, core.Service.Store.PutUnits(ctx, units), core.Service.Store.PutAccount(ctx, account, "", ""), core.Service.ReloadStaff(ctx)); err != nil {
		return nil, err
	}
	_, err = core.Service.Publish(ctx, "directive.yaml", source)
	p.clerk = office.Actor{Account: core.Service.Staff().Accounts["clerk"]}
	return p, err
}

func (p *offices) order(unit string) casework.Directive {
	return casework.Directive{Unit: unit, Title: "排查学校周边道路", Fields: map[string]any{"due_on": p.due, "counting": "weighted",
		"task": "对辖区内所有学校门口的道路逐一查看，标线不清、没有减速带的列出清单，开学前改好。", "measure": "每所学校一张查看记录；列出的问题全部改好，有照片。"}}
}

// issueAll issues one directive with a part for every township and says how long that took.
func (p *offices) issueAll(ctx context.Context) (string, time.Duration, error) {
	one := p.order("p")
	for _, t := range p.townships {
		one.Parts = append(one.Parts, casework.DirectivePart{Sub: "part", Unit: t})
	}
	begin := time.Now()
	out, err := p.core.Service.Issue(ctx, p.clerk, casework.Issuance{Procedure: casework.Directives, Issuer: "p", Directives: []casework.Directive{one}}, "")
	if err != nil {
		return "", 0, err
	}
	return out[0].Matter.Number, time.Since(begin), nil
}

// issueTree issues one to the province itself and has each level split it to the next.
func (p *offices) issueTree(ctx context.Context) (string, error) {
	out, err := p.core.Service.Issue(ctx, p.clerk, casework.Issuance{Procedure: casework.Directives, Issuer: "p", Directives: []casework.Directive{p.order("p")}}, "")
	if err != nil {
		return "", err
	}
	level := []string{out[0].Matter.Number}
	for len(level) > 0 {
		var next []string
		for _, num := range level {
			parts, err := p.split(ctx, num)
			if err != nil {
				return "", err
			}
			next = append(next, parts...)
		}
		level = next
	}
	return out[0].Matter.Number, nil
}

func (p *offices) split(ctx context.Context, num string) ([]string, error) {
	m, err := p.core.Service.Store.Matter(ctx, num)
	if err != nil || len(p.below[m.Unit]) == 0 {
		return nil, err
	}
	if _, err := p.core.Service.TakeStep(ctx, p.clerk, num, casework.StepCommand{Step: "acknowledge"}, ""); err != nil {
		return nil, err
	}
	out, err := p.core.Service.TakeStep(ctx, p.clerk, num, casework.StepCommand{Step: "split", Sub: &casework.SubOpening{Units: p.below[m.Unit]},
		Fields: map[string]any{"part_task": "查看并改好。", "part_measure": "清单和照片。", "part_due_on": p.due}}, "")
	if err != nil {
		return nil, err
	}
	var parts []string
	for _, part := range out.Each {
		parts = append(parts, part.Matter.Number)
	}
	return parts, nil
}

// countUp is the median of eleven times that the progress is counted up, and of how many parts.
func (p *offices) countUp(ctx context.Context, num string) (time.Duration, int, error) {
	var took []time.Duration
	parts := 0
	for range 11 {
		begin := time.Now()
		trees, err := p.core.Service.Trees(ctx, p.clerk, []string{num})
		if err != nil {
			return 0, 0, err
		}
		took, parts = append(took, time.Since(begin)), trees[0].Progress.Parts
	}
	slices.Sort(took)
	return took[len(took)/2], parts, nil
}
