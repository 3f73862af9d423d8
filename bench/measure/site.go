package main

import (
	"context"
	"path/filepath"
	"time"

	"luoshi/internal/config"
	"luoshi/internal/demo"
	"luoshi/internal/office"
	"luoshi/internal/server"
)

// The accounts that are measured with, and the one that does the work of filling.
const (
	provinceHead  = "province-head"
	countyHead    = "county-head"
	townshipClerk = "township-clerk"
	worker        = "worker"
)

// Units of the demo province that the accounts stand with.
const (
	province = "97"
	county   = "970101"
	township = "970101001"
)

// token is the API token of a measuring account. These databases hold nothing real.
func token(login string) string { return "measure-" + login }

// handler is the account that handles matters of a unit.
func handler(unit string) string { return "handler-" + unit }

// siteConfig is the configuration for a database in dir, or for one on PostgreSQL with its key in dir.
func siteConfig(dir, db string) config.Config {
	c := config.Default()
	if c.DB = db; db == "" {
		c.DB = "sqlite:" + filepath.Join(dir, "luoshi.db")
	}
	c.Key = filepath.Join(dir, "luoshi.db.key")
	return c
}

// openSite opens a database with the demo province's offices, accounts and procedures, making what is missing.
func openSite(ctx context.Context, c config.Config, now func() time.Time) (*server.Core, error) {
	core, err := server.OpenCore(ctx, c, now)
	if err != nil {
		return nil, err
	}
	if err := furnish(ctx, core); err != nil {
		core.Close()
		return nil, err
	}
	return core, nil
}

func furnish(ctx context.Context, core *server.Core) error {
	if err := core.PublishPacks(ctx); err != nil {
		return err
	}
	s := core.Service
	if s.Staff().Accounts[worker] != nil {
		return nil
	}
	units := demo.Units()
	if err := s.Store.PutUnits(ctx, units); err != nil {
		return err
	}
	for _, u := range units {
		a := account(handler(u.Code), u.Code, office.RoleMediator, office.RoleOfficer)
		if err := s.Store.PutAccount(ctx, a, "", ""); err != nil {
			return err
		}
	}
	for _, a := range []office.Account{
		account(provinceHead, province, office.RoleHead),
		account(countyHead, county, office.RoleHead),
		account(townshipClerk, township, office.RoleClerk),
		account(worker, office.Everywhere, office.RoleClerk, office.RoleHead, office.RoleOfficer, office.RoleSupervisor),
	} {
		if err := s.Store.PutAccount(ctx, a, "", office.TokenHash(token(a.Login))); err != nil {
			return err
		}
	}
	return s.ReloadStaff(ctx)
}

func account(login, unit string, roles ...string) office.Account {
	a := office.Account{Login: login, Name: login}
	for _, r := range roles {
		a.Grants = append(a.Grants, office.Grant{Role: r, Unit: unit})
	}
	return a
}
