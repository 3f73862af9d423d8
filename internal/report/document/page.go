package document

import (
	"cmp"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"codeberg.org/readeck/go-readability/v2"
	"codeberg.org/readeck/go-readability/v2/render"
	"golang.org/x/net/html"
)

// isPage tells a saved web page from plain text by its beginning.
func isPage(text string) bool {
	start := strings.ToLower(strings.TrimSpace(text[:min(len(text), 2048)]))
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<div", "<meta", "<?xml", "<!--"} {
		if strings.HasPrefix(start, tag) {
			return true
		}
	}
	return false
}

// readPage finds the main text of a news page by readability and puts the title and the line with source and date,
// which readability drops, above it, as they stand on the page.
func readPage(text string) (Document, error) {
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return Document{}, problem(Broken)
	}
	head := headOf(root)
	parser := readability.NewParser()
	article, err := parser.ParseAndMutate(root, nil)
	if err != nil || article.Node == nil {
		return Document{}, problem(Empty)
	}
	body := strings.TrimSpace(render.InnerText(article.Node))
	if !utf8.ValidString(body) || body == "" {
		return Document{}, problem(Empty)
	}
	var b strings.Builder
	start := squeezed(body[:min(len(body), 600)])
	title := cmp.Or(head.title, withoutSite(strings.TrimSpace(article.Title())))
	for _, line := range []string{title, head.origin} {
		if line != "" && !strings.Contains(start, squeezed(line)) {
			b.WriteString(line + "\n")
		}
	}
	b.WriteString(body + "\n")
	d := Document{Text: b.String(), Published: head.published}
	if published, err := article.PublishedTime(); err == nil {
		d.Published = published
	}
	return d, nil
}

// squeezed is a text without its spaces, which differ by who lays it out.
func squeezed(text string) string { return strings.Join(strings.Fields(text), "") }

// head is what a page shows above its text, and says about it.
type head struct {
	title, origin string
	published     time.Time
}

// origin is how pages of news and offices say where a text comes from and when it was put there.
var origin = regexp.MustCompile(`来源[:：]|发布时间|发布日期|时间[:：]|[0-9]{4}[-年/.][0-9]{1,2}[-月/.][0-9]{1,2}`)

const (
	maxOrigin = 120 // runes; keeps out whole paragraphs that happen to hold a date
	minTitle  = 6   // runes; a shorter heading names a part of the site
)

// headOf takes the heading and the first short block after it that names source or date. The heading is the one with
// which the name of the page begins, or else the first h1.
func headOf(root *html.Node) head {
	var h head
	name := ""
	each(root, func(n *html.Node) bool {
		switch n.Data {
		case "title":
			name = cmp.Or(name, words(n))
		case "meta":
			h.describe(n)
		}
		return n.Data != "body"
	})
	if h.title != "" {
		name = h.title
	}
	first, found := "", false
	each(root, func(n *html.Node) bool {
		line := ""
		switch n.Data {
		case "script", "style", "head", "nav":
			return false
		case "h1", "h2", "h3", "h4", "div", "p", "span", "td", "strong", "ul", "section":
			line = words(n)
		}
		if n.Data == "h1" && first == "" {
			first = line
		}
		size := utf8.RuneCountInString(line)
		if !found && size >= minTitle && strings.HasPrefix(name, line) {
			found, h.title = true, line
			return false
		}
		if h.origin == "" && (found || first != "") && size <= maxOrigin && origin.MatchString(line) {
			h.origin = line
		}
		return h.origin == "" || !found
	})
	h.title = cmp.Or(h.title, first)
	return h
}

// describe reads what pages of offices say about themselves (标签规范: ArticleTitle, PubDate).
func (h *head) describe(meta *html.Node) {
	name, content := "", ""
	for _, a := range meta.Attr {
		switch a.Key {
		case "name":
			name = strings.ToLower(a.Val)
		case "content":
			content = strings.TrimSpace(a.Val)
		}
	}
	switch name {
	case "articletitle":
		h.title = content
	case "pubdate", "publishdate":
		if t, err := time.Parse(time.DateOnly, content[:min(len(content), len(time.DateOnly))]); err == nil {
			h.published = t
		}
	}
}

// each visits the elements in order; those inside of one only if visit says so.
func each(n *html.Node, visit func(*html.Node) bool) {
	if n.Type == html.ElementNode && !visit(n) {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		each(c, visit)
	}
}

// withoutSite drops the name of the site behind the name of a page: 会议召开_某市人民政府.
func withoutSite(name string) string {
	for _, mark := range []string{"_", " - ", " | ", "|", "-"} {
		if title, _, cut := strings.Cut(name, mark); cut && utf8.RuneCountInString(strings.TrimSpace(title)) >= minTitle {
			return strings.TrimSpace(title)
		}
	}
	return name
}

// words is the text of a node on one line, up to what matters here.
func words(n *html.Node) string {
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if b.Len() > maxOrigin*8 {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Data != "script" && c.Data != "style" {
				walk(c)
			}
		}
	}
	walk(n)
	return strings.Join(strings.FieldsFunc(b.String(), unicode.IsSpace), " ")
}
