package main

import (
	"bufio"
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
)

// child is a node as the program that started it sees it.
type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// startNode starts this program again as a node and waits until it is connected. The configuration goes by
// standard input, since everybody can see a process's arguments and the URL may hold a password.
func startNode(ctx context.Context, config nodeConfig) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &child{cmd: exec.CommandContext(ctx, self, "--node")}
	c.cmd.Stderr = os.Stderr
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewReader(out)
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	if err := json.NewEncoder(c.in).Encode(config); err != nil {
		return nil, errors.Join(err, c.end())
	}
	if line, err := c.out.ReadString('\n'); err != nil || line != "ready\n" {
		return nil, errors.Join(errors.New("a node ended before it was ready"), c.end())
	}
	return c, nil
}

func (c *child) end() error {
	c.in.Close()
	return c.cmd.Wait()
}

// fleet runs all nodes of a cell and returns what their clients saw. A node ends only when all have finished,
// since it may be the sequencer.
func fleet(ctx context.Context, configs []nodeConfig) (results []result, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var children []*child
	defer func() {
		if err != nil {
			cancel()
		}
		for _, c := range children {
			err = errors.Join(err, c.end())
		}
	}()
	for _, config := range configs {
		c, err := startNode(ctx, config)
		if err != nil {
			return nil, err
		}
		children = append(children, c)
	}
	results = make([]result, len(children))
	failures := make([]error, len(children))
	var wg sync.WaitGroup
	for i, c := range children {
		wg.Go(func() {
			if failures[i] = c.run(&results[i]); failures[i] != nil {
				cancel() // the others would wait for it
			}
		})
	}
	wg.Wait()
	return results, errors.Join(failures...)
}

// run starts the load and reads the result.
func (c *child) run(r *result) error {
	if _, err := fmt.Fprintln(c.in, "go"); err != nil {
		return err
	}
	if err := gob.NewDecoder(c.out).Decode(r); err != nil {
		return fmt.Errorf("a node ended without a result: %w", err)
	}
	if r.Err != "" {
		return errors.New(r.Err)
	}
	return nil
}
