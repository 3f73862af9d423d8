package server

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"luoshi/internal/casework"
	"luoshi/internal/config"
	"luoshi/internal/office"
	"luoshi/internal/procedure"
)

func smallPicture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Everything of a matter goes with a move, a backup and back: also its files. What nobody has handed in stays behind.
func TestFilesGoWithMovesAndBackups(t *testing.T) {
	from := newKept(t)
	resident := office.Actor{Resident: true}
	large := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("paper "), casework.FilePart/4)...) // of three parts
	var num, waiting string
	var ids []string
	from.use(t, func(core *Core) {
		for name, data := range map[string][]byte{"a.png": smallPicture(t), "b.pdf": large} {
			u, err := core.Service.TakeFile(t.Context(), resident, name, data, "")
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, u.ID)
		}
		l := exampleLodging(t, core.Service, "people-mediation", "t")
		l.Fields["evidence"] = ids
		out, err := core.Service.Lodge(t.Context(), resident, l, "")
		if err != nil {
			t.Fatal(err)
		}
		num = out.Matter.Number
		u, err := core.Service.TakeFile(t.Context(), resident, "waits.png", smallPicture(t), "")
		if err != nil {
			t.Fatal(err)
		}
		waiting = u.ID
	})
	check := func(where string, c config.Config) {
		t.Helper()
		kept{Config: c, key: from.key}.use(t, func(core *Core) {
			m, err := core.Service.Store.Matter(t.Context(), num)
			if err != nil {
				t.Fatal(where, err)
			}
			files := procedure.FilesOf(m.Fields["evidence"])
			for _, f := range files {
				_, data, err := core.Service.ReadFile(t.Context(), office.Actor{System: true}, num, f.ID)
				if want := map[string][]byte{"a.png": smallPicture(t), "b.pdf": large}[f.Name]; err != nil || !bytes.Equal(data, want) {
					t.Errorf("%s: %s has %d bytes (%v)", where, f.Name, len(data), err)
				}
			}
			if _, ok, err := core.Service.Sent(t.Context(), waiting); ok || err != nil || len(files) != 2 {
				t.Errorf("%s: %d files; what nobody handed in is there: %v (%v)", where, len(files), ok, err)
			}
			if r, err := core.Service.Audit(t.Context(), nil, from.key.VerifierKey()); err != nil || !r.OK || r.Files != 2 {
				t.Errorf("%s: audit %+v, %v", where, r, err)
			}
		})
	}
	file := filepath.Join(t.TempDir(), "backup")
	if _, err := Backup(t.Context(), BackupOptions{From: from.Config, File: file, VKeys: []string{from.key.VerifierKey()}, Program: "test"}); err != nil {
		t.Fatal(err)
	}
	key, err := filepath.Abs(from.KeyFile())
	if err != nil {
		t.Fatal(err)
	}
	for name, to := range targets(t) {
		to.Key = key
		if r, err := from.moveTo(t, to, true); err != nil || !r.Finished {
			t.Fatalf("moving to %s: %+v, %v", name, r, err)
		}
		check("moved to "+name, to)
	}
	for name, to := range targets(t) {
		to.Key = key
		if r, err := Restore(t.Context(), RestoreOptions{File: file, To: to}); err != nil || !r.Finished {
			t.Fatalf("restoring into %s: %+v, %v", name, r, err)
		}
		check("restored into "+name, to)
	}
}

// sendFile posts a file as a browser or curl does.
func (f *fixture) sendFile(name string, data []byte, headers ...string) (int, map[string]any) {
	f.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(data)
	}
	if err != nil || w.Close() != nil {
		f.t.Fatal(err)
	}
	status, out, _ := f.do("POST", "/v1/files", b.String(), append([]string{"Content-Type", w.FormDataContentType()}, headers...)...)
	return status, out
}

// get is an answer that need not be JSON.
func (f *fixture) get(path string, headers ...string) (*http.Response, []byte) {
	f.t.Helper()
	req, err := http.NewRequest("GET", f.url+path, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return resp, b
}

func TestFilesOverTheAPI(t *testing.T) {
	f := newFixture(t)
	data := smallPicture(t)
	status, sent := f.sendFile("裂缝.png", data, "Idempotency-Key", "k")
	_, again := f.sendFile("裂缝.png", data, "Idempotency-Key", "k")
	if status != 201 || sent["kind"] != "image" || sent["name"] != "裂缝.png" || sent["expires"] == "" || again["id"] != sent["id"] {
		t.Fatalf("%d %v, again %v", status, sent, again)
	}
	body := f.example()
	body["fields"].(map[string]any)["evidence"] = []any{sent["id"]}
	status, out, _ := f.do("POST", "/v1/matters", body)
	if status != 201 {
		t.Fatalf("%d %v", status, out)
	}
	num, code := out["number"].(string), out["query_code"].(string)
	party := []string{"Luoshi-Number", num, "Luoshi-Query-Code", code}
	_, read, _ := f.do("GET", "/v1/matters/"+num, nil, party...)
	text, _ := json.Marshal(read)
	if !strings.Contains(string(text), `"media_type":"image/png"`) || !strings.Contains(string(text), sent["sha256"].(string)) {
		t.Errorf("the matter does not show its file: %s", text)
	}
	path := "/v1/matters/" + num + "/files/" + sent["id"].(string)
	resp, got := f.get(path, party...)
	for name, want := range map[string]string{"Content-Type": "image/png", "Content-Disposition": "attachment; filename*=utf-8''%E8%A3%82%E7%BC%9D.png",
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-store"} {
		if resp.Header.Get(name) != want {
			t.Errorf("%s: %q", name, resp.Header.Get(name))
		}
	}
	if resp.StatusCode != 200 || !bytes.Equal(got, data) {
		t.Errorf("%d, %d bytes", resp.StatusCode, len(got))
	}
	for who, c := range map[string]struct {
		headers []string
		status  int
	}{"a clerk of the office": {[]string{"Authorization", "Bearer " + clerkToken}, 200}, "another office": {[]string{"Authorization", "Bearer lst_other"}, 404},
		"nobody": {nil, 401}} {
		if resp, _ := f.get(path, c.headers...); resp.StatusCode != c.status {
			t.Errorf("%s: %d", who, resp.StatusCode)
		}
	}
	_, read, _ = f.do("GET", "/v1/matters/"+num, nil, party...)
	if text, _ := json.Marshal(read); !strings.Contains(string(text), `"login":"clerk"`) {
		t.Errorf("the reading is not recorded: %s", text)
	}
	if status, _, _ := f.do("GET", "/v1/matters/"+num+"/files/NONE", nil, party...); status != 404 {
		t.Errorf("a file that is none: %d", status)
	}
}

func TestFilesThatAreRefusedOverTheAPI(t *testing.T) {
	f := newFixture(t)
	f.svc.MaxFile = 1 << 20
	for _, c := range []struct {
		name string
		data []byte
		code string
	}{
		{"empty.png", nil, "file-empty"}, {"page.png", []byte("<html><script>alert(1)</script>"), "file-unknown"},
		{"cut.png", smallPicture(t)[:40], "file-damaged"}, {"large.png", make([]byte, 1<<20+1), "file-too-large"},
		{"enormous.png", make([]byte, 30<<20), "file-too-large"},
	} {
		for _, lang := range []string{"zh", "en"} {
			status, out := f.sendFile(c.name, c.data, "Accept-Language", lang)
			errs, _ := out["errors"].([]any)
			if status != 422 || len(errs) != 1 || errs[0].(map[string]any)["code"] != c.code {
				t.Errorf("%s: %d %v", c.name, status, out)
				continue
			}
			if words := errs[0].(map[string]any)["message"].(string); (lang == "zh") != strings.Contains(words, "文件") {
				t.Errorf("%s in %s: %s", c.name, lang, words)
			}
		}
	}
	if status, out, _ := f.do("POST", "/v1/files", "{}"); status != 422 || out["code"] != "no-file" {
		t.Errorf("no form: %d %v", status, out)
	}
	body := f.example()
	body["fields"].(map[string]any)["evidence"] = "NONE"
	status, out, _ := f.do("POST", "/v1/matters", body)
	if errs, _ := out["errors"].([]any); status != 422 || len(errs) != 1 || errs[0].(map[string]any)["code"] != "file-gone" {
		t.Errorf("lodging with no file: %d %v", status, out)
	}
}
