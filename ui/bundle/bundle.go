// Package bundle makes the style sheets and scripts that browsers get out of the sources in ui: one sheet and one
// script for all pages, and one more of each for a page that has its own. It runs when the program starts, so that
// nothing built is kept beside its source. It reads nothing but the file system it is given.
package bundle

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// Files is what was made. Each name holds a hash of the content, so that browsers may keep a file for ever.
type Files struct {
	Names    map[string]string // desk.css → desk.4KX7QZ2A.css; only what a page may ask for by name
	Contents map[string][]byte // desk.4KX7QZ2A.css → its content
}

// namespace keeps esbuild from looking for the files on the disk.
const namespace = "ui"

// Build bundles shared/luoshi.css, shared/luoshi.ts and every page/NAME/NAME.css and page/NAME/NAME.ts. The error
// names file, line and column of what does not build.
func Build(sources fs.FS) (*Files, error) {
	entries, err := entryPoints(sources)
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{
		EntryPointsAdvanced: entries,
		EntryNames:          "[name].[hash]",
		ChunkNames:          "chunk.[hash]", // what several scripts import is loaded and run once
		Outdir:              "/",
		AbsWorkingDir:       "/",
		Bundle:              true,
		Splitting:           true,
		Format:              api.FormatESModule,
		Target:              api.ES2022,
		Engines:             engines(),
		MinifyWhitespace:    true,
		MinifyIdentifiers:   true,
		MinifySyntax:        true,
		Charset:             api.CharsetUTF8,
		LegalComments:       api.LegalCommentsNone,
		TsconfigRaw:         "{}", // none is looked for on the disk
		LogLevel:            api.LogLevelSilent,
		Plugins:             []api.Plugin{from(sources)},
	})
	if err := failure(result); err != nil {
		return nil, err
	}
	files := &Files{Names: map[string]string{}, Contents: map[string][]byte{}}
	for _, f := range result.OutputFiles {
		name := path.Base(f.Path)
		files.Contents[name] = f.Contents
		if entry, _, _ := strings.Cut(name, "."); entry != "chunk" {
			files.Names[entry+path.Ext(name)] = name
		}
	}
	return files, nil
}

// engines are the oldest browsers for which newer notations are rewritten.
func engines() []api.Engine {
	return []api.Engine{{Name: api.EngineChrome, Version: "100"}, {Name: api.EngineFirefox, Version: "100"}, {Name: api.EngineSafari, Version: "15.4"}}
}

// entryPoints are the files that something is made of. A page without own style or script has none.
func entryPoints(sources fs.FS) ([]api.EntryPoint, error) {
	entries := []api.EntryPoint{{InputPath: "shared/luoshi.css", OutputPath: "luoshi"}, {InputPath: "shared/luoshi.ts", OutputPath: "luoshi"}}
	pages, err := fs.ReadDir(sources, "page")
	if err != nil {
		return nil, err
	}
	for _, p := range pages {
		for _, ext := range []string{".css", ".ts"} {
			file := path.Join("page", p.Name(), p.Name()+ext)
			switch _, err := fs.Stat(sources, file); {
			case err == nil:
				entries = append(entries, api.EntryPoint{InputPath: file, OutputPath: p.Name()})
			case !errors.Is(err, fs.ErrNotExist):
				return nil, err
			}
		}
	}
	return entries, nil
}

// from reads sources for esbuild. Imports are relative; those of scripts leave out the .ts.
func from(sources fs.FS) api.Plugin {
	return api.Plugin{Name: "ui", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			file := a.Path
			if a.Kind != api.ResolveEntryPoint {
				file = path.Join(path.Dir(a.Importer), a.Path)
			}
			if path.Ext(file) == "" {
				file += ".ts"
			}
			return api.OnResolveResult{Path: file, Namespace: namespace}, nil
		})
		b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: namespace}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			content, err := fs.ReadFile(sources, a.Path)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			text, loader := string(content), api.LoaderTS
			if path.Ext(a.Path) == ".css" {
				loader = api.LoaderCSS
			}
			return api.OnLoadResult{Contents: &text, Loader: loader}, nil
		})
	}}
}

// failure is the first of what esbuild complains of. A warning counts: nobody reads it while a server starts.
func failure(r api.BuildResult) error {
	for _, m := range append(r.Errors, r.Warnings...) {
		at := cmp.Or(m.Location, &api.Location{File: "ui"})
		return fmt.Errorf("bundle: %s:%d:%d: %s", at.File, at.Line, at.Column+1, m.Text)
	}
	return nil
}
