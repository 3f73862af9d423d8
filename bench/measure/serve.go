package main

import (
	"context"
	"flag"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"time"

	"luoshi/internal/server"
)

// runServe serves as the product does, with a clock that starts where the filling ended.
func runServe(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	dir := flags.String("dir", "", "`FOLDER` of the database and its key")
	db := flags.String("db", "", "`ADDRESS` of a database on PostgreSQL; empty: SQLite in the folder")
	listen := flags.String("listen", "127.0.0.1:0", "`ADDRESS` to answer on")
	later := flags.Duration("ahead", 0, "how much later than that it is")
	profile := flags.String("pprof", "", "`ADDRESS` for profiles; none by default")
	flags.Parse(args)
	if *profile != "" {
		if err := serveProfiles(*profile); err != nil {
			return err
		}
	}
	now, err := readClock(*dir)
	if err != nil {
		return err
	}
	c := siteConfig(*dir, *db)
	c.Listen = *listen
	core, err := openSite(ctx, c, func() time.Time { return now().Add(*later) })
	if err != nil {
		return err
	}
	defer core.Close()
	return server.Run(ctx, c, core, os.Stdout)
}

func serveProfiles(addr string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go srv.Serve(listener)
	return nil
}
