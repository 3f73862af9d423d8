# make demo    build, fill a demo province and serve it (needs only Go)
# make test    everything, as CI runs it (installs what is missing)
# make check   the quick half of it, while working
# make bench   small measurements and their ratios (doc/performance.md)
#
# DIR and LISTEN say where the demo lives and answers; PKG and RUN narrow tests:
#   make test PKG=./internal/office RUN=TestWithin

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build
.PHONY: build demo test check lint bench fmt clean

# The usual place of Go, for shells that do not know it.
export PATH := $(PATH):/usr/local/go/bin
export CGO_ENABLED := 0

DIR    ?= .demo
LISTEN ?= 127.0.0.1:8080
# The longest first, so that none of them is left alone at the end; three packages at once, for two of these also wait.
PKG    ?= ./test/browser ./test/fault ./test/operations ./...
RUN    ?=
# Tests collect garbage as seldom as the server does (server.Serve): most of them leave much and keep little.
SELDOM := env GOGC=800

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT  := $(shell git rev-parse --verify --quiet HEAD)
LDFLAGS := -X main.version=$(VERSION) -X main.commit=$(COMMIT)
SOURCES := find . -name '*.go' -not -path './node_modules/*' -print0

build:
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/luoshi ./cmd/luoshi

demo: build
	bin/luoshi demo --dir $(DIR) --listen $(LISTEN)

test: lint
	scripts/need.sh browser postgres pdf
	npm ci --no-audit --no-fund
	go run ./test/postgres go test -json -p 3 -exec "$(SELDOM)" -timeout 30m $(if $(RUN),-run '$(RUN)') $(PKG) | go run ./test/summary

check: lint
	scripts/need.sh postgres
	go run ./test/postgres go test -short ./internal/... ./cmd/...

lint:
	@unformatted=$$($(SOURCES) | xargs -0 gofmt -l); \
	if [ -n "$$unformatted" ]; then echo "not formatted, run make fmt:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

bench:
	bench/run.sh

fmt:
	$(SOURCES) | xargs -0 gofmt -w

clean:
	rm -rf bin node_modules .demo
