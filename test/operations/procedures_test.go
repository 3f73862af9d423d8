package operations_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lamp is the small procedure of doc/procedures.md, for the page's justice office and by API, with pairs of texts
// replaced.
func lamp(t *testing.T, pairs ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "doc", "procedures.md"))
	must(t, err)
	_, text, _ := strings.Cut(string(b), "```yaml\n")
	text, _, _ = strings.Cut(text, "```")
	for i, pairs := 0, append([]string{"units: [township]", "units: [justice-office]", "[web, phone]", "[web, phone, api]"}, pairs...); i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%q does not occur", pairs[i])
		}
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	return text
}

func TestAnOfficePublishesItsOwnProcedureAndMigratesItsMatters(t *testing.T) {
	w := newWalk(t, nil)
	w.furnish(t)
	w.write(t, "street-lamp.yaml", lamp(t))
	if out := w.run(t, "publish"); !strings.HasSuffix(out, "published street-lamp@1\n") {
		t.Errorf("it says %q", out)
	}
	p := w.start(t, "serve")
	for _, title := range []string{"first", "second"} {
		a, err := send(p.client, p.url+"/v1/matters", title, "", map[string]any{"procedure": "street-lamp", "unit": unitCode, "title": title, "fields": map[string]any{"place": "村口"}})
		if err != nil || a.status != 201 {
			t.Fatalf("%d %s %v", a.status, a.raw, err)
		}
	}
	w.write(t, "street-lamp.yaml", lamp(t, "\nversion: 1\n", "\nversion: 2\n", "period: 5wd", "period: 3wd", "name: lodged", "name: received",
		"to: lodged", "to: received", "from: [lodged]", "from: [received]"))
	w.write(t, "street-lamp-2.map.yaml", "format: luoshi-migration/1\nprocedure: street-lamp\nfrom: 1\nto: 2\n"+
		"reason: {zh: 修理期限改为三天。, en: Lamps are now repaired within three days.}\nstates: {lodged: received}\n")
	p.stop(t)
	if out := w.run(t, "publish"); !strings.HasSuffix(out, "published street-lamp@2\n") {
		t.Errorf("it says %q", out)
	}
	p = w.start(t, "serve") // the rehearsal runs beside it
	if out := w.run(t, "rehearse"); !strings.Contains(out, "2 matters run by street-lamp@1: 2 fit street-lamp@2, 0 do not") || !strings.Contains(out, "--plan ") {
		t.Errorf("it says %q", out)
	}
	p.stop(t)
	if out := w.run(t, "migrate"); !strings.Contains(out, "migrated 2 matters") || !strings.Contains(out, "4 entries in 2 matters, 0 erased: sound") {
		t.Errorf("it says %q", out)
	}
}
