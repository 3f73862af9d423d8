// Command pocketbase serves one PocketBase collection for comparison: every record that is acknowledged is on
// stable storage (SQLite synchronous=FULL), as a matter of Luoshi is. It prints `ready http://ADDR` when it
// answers and ends on SIGTERM.
//
// Everything else is PocketBase's default, and what can be chosen is chosen in its favour: no index beyond the
// record's id, no rule to evaluate, no rate limits. It must never be tuned against PocketBase, and never be a
// part of the product.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // of its own system tables
	_ "modernc.org/sqlite"
)

func main() {
	dir := flag.String("dir", "", "`FOLDER` for the data, new")
	listen := flag.String("listen", "127.0.0.1:0", "`ADDRESS` to answer on")
	sync := flag.String("synchronous", "FULL", "the database's `MODE`: FULL or NORMAL")
	quiet := flag.Bool("quiet", false, "keep no log of requests, which PocketBase does by default")
	flag.Parse()
	if err := serve(*dir, *listen, strings.ToUpper(*sync), *quiet); err != nil {
		log.Fatal(err)
	}
}

func serve(dir, listen, sync string, quiet bool) error {
	if dir == "" {
		return errors.New("name a new folder with --dir")
	}
	level, ok := map[string]int{"FULL": 2, "NORMAL": 1}[sync]
	if !ok {
		return fmt.Errorf("--synchronous must be FULL or NORMAL, not %q", sync)
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: connect(sync)})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	if err := prepare(app, quiet); err != nil {
		return err
	}
	if err := checkSync(app, level); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Listener, e.InstallerFunc = listener, nil
		if err := e.Next(); err != nil {
			return err
		}
		fmt.Printf("ready http://%s\n", listener.Addr())
		return nil
	})
	return apis.Serve(app, apis.ServeConfig{HttpAddr: listener.Addr().String()})
}

// connect opens a database as PocketBase does by default, but for synchronous.
func connect(sync string) core.DBConnectFunc {
	return func(path string) (*dbx.DB, error) {
		pragmas := []string{"busy_timeout(10000)", "journal_mode(WAL)", "journal_size_limit(200000000)",
			"synchronous(" + sync + ")", "foreign_keys(ON)", "temp_store(MEMORY)", "cache_size(-32000)"}
		return dbx.Open("sqlite", path+"?_pragma="+strings.Join(pragmas, "&_pragma="))
	}
}

// checkSync reads the setting from the connection that writes.
func checkSync(app core.App, want int) error {
	var have int
	if err := app.NonconcurrentDB().NewQuery("PRAGMA synchronous").Row(&have); err != nil {
		return err
	}
	if have != want {
		return fmt.Errorf("the writing connection has synchronous=%d, %d was asked for", have, want)
	}
	return nil
}

// prepare makes the collection: what a lodging holds, open to everybody for creating.
func prepare(app core.App, quiet bool) error {
	if settings := app.Settings(); quiet {
		settings.Logs.MaxDays = 0
		if err := app.Save(settings); err != nil {
			return err
		}
	}
	c := core.NewBaseCollection("matters")
	everybody := ""
	c.CreateRule = &everybody
	for _, name := range []string{"number", "title", "procedure", "unit", "channel"} {
		c.Fields.Add(&core.TextField{Name: name})
	}
	c.Fields.Add(&core.JSONField{Name: "fields"}, &core.JSONField{Name: "parties"})
	return app.Save(c)
}
