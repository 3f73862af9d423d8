package demo

import (
	"context"
	"encoding/json"
	"errors"

	"luoshi/internal/casework"
	"luoshi/internal/office"
)

// Source is a file of real requests that a demo can offer beside its province. The file is not ours and does not come
// with the program; whoever has it says where it lies.
type Source struct {
	Name    string // what --with calls it
	Mapping string // file of the mapping in examples.FS
	File    string // name of the CSV file in the folder of data
	From    string // who published it and what it holds, for those who have to find it
	// Desks are the offices in which a visitor can sign in, by the values of the mapping's columns; none: the root.
	Desks []Desk
}

// Desk is somebody with one role at an office of a source. The names are made up.
type Desk struct {
	Login, Name, Role string
	At                map[string]string // column of the file → value
}

// Sources are the files of real requests that are known, in the order in which they are offered.
func Sources() []Source {
	works := map[string]string{"subject": "Public Works Department"}
	inspection := map[string]string{"subject": "Inspectional Services"}
	return []Source{{
		Name: "boston", Mapping: "import/boston311.yaml", File: "boston311_2015.csv",
		From: "service requests of the year 2015, published by the City of Boston (data.boston.gov), with the columns " +
			"opened, type, reason, subject, neighborhood, ward, lat, lon, source",
		Desks: []Desk{
			{"boston-clerk", "Iris Hollis", office.RoleClerk, works},
			{"boston-officer", "Tom Avery", office.RoleOfficer, works},
			{"boston-works-head", "Nell Winthrop", office.RoleHead, works},
			{"boston-inspector", "Ruth Calder", office.RoleClerk, inspection},
			{"boston-head", "Frances Lowe", office.RoleHead, nil},
		},
	}, {
		Name: "chicago", Mapping: "import/chicago.yaml", File: "chicago_sanitation_2000_2015.csv",
		From: "sanitation complaints, published by the City of Chicago (data.cityofchicago.org), with the columns " +
			"created, nature, ward, community_area, lat, lon, status",
		Desks: []Desk{
			{"chicago-clerk", "Ada Novak", office.RoleClerk, nil},
			{"chicago-officer", "Jim Porter", office.RoleOfficer, nil},
			{"chicago-head", "Lena Marsh", office.RoleHead, nil},
		},
	}}
}

// Filling is how far an installation is with a source.
type Filling struct {
	Begun bool `json:"begun"`
	Rows  int  `json:"rows"` // how many rows were asked for; 0: all
	Done  bool `json:"done"`
}

// Enough reports whether nothing is missing when so many rows are asked for, 0 meaning all.
func (f Filling) Enough(rows int) bool {
	return f.Done && (f.Rows == 0 || rows > 0 && rows <= f.Rows)
}

func (s Source) mark() string { return "demo with " + s.Name }

// Filling reads how far the source is.
func (s Source) Filling(ctx context.Context, store casework.Store) (Filling, error) {
	var f Filling
	text, err := store.Meta(ctx, s.mark())
	if errors.Is(err, casework.ErrNotFound) {
		return f, nil
	}
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal([]byte(text), &f)
}

// Remember writes down how far the source is.
func (s Source) Remember(ctx context.Context, store casework.Store, f Filling) error {
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return store.PutMeta(ctx, s.mark(), string(b))
}

// Hire makes the accounts of the desks that are missing. unit finds the code of a desk's office.
func (s Source) Hire(ctx context.Context, service *casework.Service, unit func(at map[string]string) (string, error)) error {
	for _, d := range s.Desks {
		if service.Staff().Accounts[d.Login] != nil {
			continue
		}
		code, err := unit(d.At)
		if err != nil {
			return err
		}
		a := office.Account{Login: d.Login, Name: d.Name, Grants: []office.Grant{{Role: d.Role, Unit: code}}}
		if err := service.Store.PutAccount(ctx, a, "", ""); err != nil {
			return err
		}
	}
	return service.ReloadStaff(ctx)
}

// Hired are the accounts of the desks that are there.
func (s Source) Hired(service *casework.Service) []office.Account {
	var accounts []office.Account
	for _, d := range s.Desks {
		if a := service.Staff().Accounts[d.Login]; a != nil {
			accounts = append(accounts, *a)
		}
	}
	return accounts
}
