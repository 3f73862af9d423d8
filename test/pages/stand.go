// Package pages runs the pages over a real store, for tests: a small tree of offices, staff with passwords,
// the procedures that come with the product. It must never be linked into the product.
package pages

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/limit"
	"luoshi/internal/office"
	"luoshi/internal/procedure/guide"
	"luoshi/internal/server"
	"luoshi/internal/web"
	"luoshi/procedures"
)

// Password is every account's password.
const Password = "correct horse"

// Stand is the pages with all that is behind them.
type Stand struct {
	Service *casework.Service
	VKey    string
	Handler http.Handler
	Log     *Buffer

	// StopWatch ends the streams of events, as a server does when it stops.
	StopWatch func()
}

// New opens a fresh store and makes the pages over it. The logins are clerk, mediator, head, auditor and
// officer, all for the county "c", and author, for the province.
func New(t testing.TB) *Stand { return NewAt(t, time.Now) }

// NewAt is New with a clock.
func NewAt(t testing.TB, now func() time.Time) *Stand {
	t.Helper()
	ctx := context.Background()
	c := config.Default()
	c.DB = "sqlite:" + filepath.Join(t.TempDir(), "luoshi.db")
	core, err := server.OpenCore(ctx, c, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { core.Close() })
	s := &Stand{Service: core.Service, VKey: core.Key.VerifierKey(), Log: &Buffer{}}
	s.settle(t)
	s.watch(t)
	for _, name := range []string{"judicial-confirmation.yaml", "labour-arbitration.yaml", "labour-inspection.yaml", "labour-mediation.yaml", "court-mediation.yaml",
		"people-mediation.yaml", "petition.yaml", "hotline-assist.yaml", "hotline-order.yaml"} { // each after those in which its matters can go on
		src, err := procedures.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := core.Service.Publish(ctx, name, src); err != nil {
			t.Fatal(err)
		}
	}
	guides, err := guide.LoadFS(procedures.Guides, "guides")
	if err != nil {
		t.Fatal(err)
	}
	s.Handler, err = web.New(web.Options{Guides: guides, Service: core.Service, VKey: s.VKey,
		Codes: limit.New(time.Hour, 5, now), Passwords: limit.New(time.Hour, 5, now),
		Demo: []web.DemoAccount{{Login: "clerk", Password: Password, Role: "clerk", Unit: "t"}},
		Log:  slog.New(slog.NewJSONHandler(s.Log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// watch lets pages hear of changes until the test ends.
func (s *Stand) watch(t testing.TB) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { s.Service.Watch(ctx, slog.New(slog.NewTextHandler(s.Log, nil))) })
	s.StopWatch = func() {
		cancel()
		running.Wait()
	}
	t.Cleanup(s.StopWatch)
}

func (s *Stand) settle(t testing.TB) {
	t.Helper()
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
	if err := s.Service.Store.PutUnits(ctx, units); err != nil {
		t.Fatal(err)
	}
	password, err := office.HashPassword(Password)
	if err != nil {
		t.Fatal(err)
	}
	for login, name := range map[string]string{"clerk": "王芳", "mediator": "李强", "head": "赵敏", "officer": "孙立", "auditor": "周静"} {
		a := office.Account{Login: login, Name: name, Grants: []office.Grant{{Role: login, Unit: "c"}}}
		if err := s.Service.Store.PutAccount(ctx, a, password, ""); err != nil {
			t.Fatal(err)
		}
	}
	author := office.Account{Login: "author", Name: "顾明", Grants: []office.Grant{{Role: office.RoleAuthor, Unit: "p"}}}
	if err := s.Service.Store.PutAccount(ctx, author, password, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.Service.ReloadStaff(ctx); err != nil {
		t.Fatal(err)
	}
}

// Actor is the account as the service knows it.
func (s *Stand) Actor(login string) office.Actor {
	return office.Actor{Account: s.Service.Staff().Accounts[login]}
}

// Buffer is a log that can be read while it is written.
type Buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

// String is all that was written.
func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
