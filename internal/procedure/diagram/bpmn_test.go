package diagram_test

import (
	"encoding/xml"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"luoshi/internal/procedure/diagram"
)

// node is any element of a BPMN document.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Inner   []node     `xml:",any"`
}

func (n *node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// all lists the elements below n.
func (n *node) all() (list []*node) {
	for i := range n.Inner {
		list = append(append(list, &n.Inner[i]), n.Inner[i].all()...)
	}
	return list
}

func read(t *testing.T, doc []byte) (all []*node, byID map[string]*node) {
	t.Helper()
	var root node
	if err := xml.Unmarshal(doc, &root); err != nil {
		t.Fatal(err)
	}
	byID = map[string]*node{}
	for _, n := range root.all() {
		if id := n.attr("id"); id != "" {
			if byID[id] != nil {
				t.Errorf("the id %s comes twice", id)
			}
			byID[id] = n
		}
	}
	return root.all(), byID
}

func TestBPMNHoldsTogether(t *testing.T) {
	for _, p := range every(t) {
		t.Run(p.ID, func(t *testing.T) {
			doc, err := diagram.BPMN(p, "en")
			if err != nil {
				t.Fatal(err)
			}
			all, byID := read(t, doc)
			drawn := map[string]bool{}
			into := map[string][]string{}
			for _, n := range all {
				drawn[n.attr("bpmnElement")] = true
				for _, ref := range []string{"sourceRef", "targetRef", "attachedToRef", "bpmnElement"} {
					if to := n.attr(ref); to != "" && byID[to] == nil {
						t.Errorf("%s %s names %s, which is not there", n.XMLName.Local, ref, to)
					}
				}
				if n.XMLName.Local == "sequenceFlow" {
					into[n.attr("targetRef")] = append(into[n.attr("targetRef")], byID[n.attr("sourceRef")].XMLName.Local)
				}
			}
			for id, n := range byID {
				kind := n.XMLName.Local
				node := strings.HasSuffix(kind, "Task") || strings.HasSuffix(kind, "Gateway") || strings.HasSuffix(kind, "Event") || kind == "sequenceFlow"
				if node && !drawn[id] {
					t.Errorf("%s is not drawn", id)
				}
				// BPMN 2.0, 10.5.6: what follows an event-based gateway is an event or a receive task, and nothing else leads there.
				if slices.Contains(into[id], "eventBasedGateway") && (kind != "receiveTask" && kind != "intermediateCatchEvent" || len(into[id]) > 1) {
					t.Errorf("%s, a %s, cannot follow an event-based gateway: %v", id, kind, into[id])
				}
			}
			for _, s := range p.States {
				if byID["state_"+s.Name] == nil {
					t.Errorf("the state %s is missing", s.Name)
				}
			}
			for _, s := range p.Steps {
				if !slices.ContainsFunc(all, func(n *node) bool { return strings.HasPrefix(n.attr("name"), s.Title.In("en")) }) {
					t.Errorf("the step %s is missing", s.Name)
				}
			}
		})
	}
}

func TestDurations(t *testing.T) {
	doc, err := diagram.BPMN(stall(t), "en")
	if err != nil {
		t.Fatal(err)
	}
	all, byID := read(t, doc)
	if d := byID["timer_papers_incomplete_when"]; len(d.Inner) != 1 || d.Inner[0].Text != "P15D" {
		t.Errorf("15 days are written as %+v", d.Inner)
	}
	words := 0
	for _, n := range all {
		// Working days have no form in ISO 8601.
		if n.XMLName.Local == "timeDuration" && n.Text != "P15D" {
			t.Errorf("a timer lasts %q", n.Text)
		}
		if n.XMLName.Local == "documentation" && strings.Contains(n.Text, "20 working days · Counted by the calendar “cn”") &&
			strings.Contains(n.Text, "摊位办法 9 (to be confirmed)") {
			words++
		}
	}
	if words == 0 {
		t.Error("no documentation says the working days, the calendar and the law")
	}
}

// The library that bpmn-js reads files with must have nothing to say.
func TestBPMNIsReadWithoutWarnings(t *testing.T) {
	if _, err := os.Stat("../../../node_modules/bpmn-moddle"); errors.Is(err, os.ErrNotExist) {
		missing(t, "node_modules/bpmn-moddle (npm ci)")
	}
	if _, err := exec.LookPath("node"); err != nil {
		missing(t, "node")
	}
	args := []string{"testdata/read.mjs"}
	for _, p := range every(t) {
		for _, lang := range p.Languages {
			doc, err := diagram.BPMN(p, lang)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), p.ID+"-"+lang+".bpmn")
			if err := os.WriteFile(file, doc, 0o644); err != nil {
				t.Fatal(err)
			}
			args = append(args, file)
		}
	}
	if out, err := exec.Command("node", args...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// missing skips the test, or fails it where everything has to be installed.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what + " is missing")
	}
	t.Skip(what + " is absent")
}
