package pages

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/office"
	"luoshi/procedures"
)

// furnished is what every stand begins with, as files by their names: offices, staff and procedures in a store that was
// closed. They are put in once and copied for each stand, because checking the procedures takes longer than most tests.
var furnished = sync.OnceValues(func() (files map[string][]byte, err error) {
	dir, err := os.MkdirTemp("", "luoshi-pages-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	core, err := open(dir, time.Now)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(settle(core.Service), publish(core.Service), core.Close()); err != nil {
		return nil, err
	}
	all, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files = map[string][]byte{}
	for _, f := range all {
		if files[f.Name()], err = os.ReadFile(filepath.Join(dir, f.Name())); err != nil {
			return nil, err
		}
	}
	return files, nil
})

// settle makes the offices and the accounts.
func settle(s *casework.Service) error {
	ctx := context.Background()
	unit := func(code, parent, kind, zh, en string) office.Unit {
		return office.Unit{Code: code, Parent: parent, Kind: kind, Name: map[string]string{"zh": zh, "en": en}}
	}
	units := []office.Unit{
		unit("p", "", "province", "示例省", "Example Province"),
		unit("s", "p", "city", "平安市", "Ping'an City"),
		unit("c", "s", "county", "和顺县", "Heshun County"),
		unit("b", "c", "justice-bureau", "和顺县司法局", "Heshun Justice Bureau"),
		unit("t", "c", "justice-office", "青石镇司法所", "Qingshi Justice Office"),
		unit("u", "c", "justice-office", "柳河乡司法所", "Liuhe Justice Office"),
		unit("q", "c", "petition-bureau", "和顺县信访局", "Heshun Petition Bureau"),
		unit("h", "s", "hotline-centre", "平安市12345热线中心", "Ping'an 12345 Centre"),
	}
	if err := s.Store.PutUnits(ctx, units); err != nil {
		return err
	}
	password, err := office.HashPassword(Password)
	if err != nil {
		return err
	}
	accounts := []office.Account{{Login: "author", Name: "顾明", Grants: []office.Grant{{Role: office.RoleAuthor, Unit: "p"}}}}
	for login, name := range map[string]string{"clerk": "王芳", "mediator": "李强", "head": "赵敏", "officer": "孙立", "auditor": "周静"} {
		accounts = append(accounts, office.Account{Login: login, Name: name, Grants: []office.Grant{{Role: login, Unit: "c"}}})
	}
	for _, a := range accounts {
		if err := s.Store.PutAccount(ctx, a, password, ""); err != nil {
			return err
		}
	}
	return s.ReloadStaff(ctx)
}

// publish publishes procedures, each after those in which its matters can go on.
func publish(s *casework.Service) error {
	for _, name := range []string{"judicial-confirmation.yaml", "labour-arbitration.yaml", "labour-inspection.yaml", "labour-mediation.yaml", "court-mediation.yaml",
		"people-mediation.yaml", "petition.yaml", "hotline-assist.yaml", "hotline-order.yaml"} {
		src, err := procedures.FS.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := s.Publish(context.Background(), name, src); err != nil {
			return err
		}
	}
	return nil
}
