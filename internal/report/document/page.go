package document

import (
	"regexp"
	"strings"
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
	title := head.title
	if title == "" {
		title = strings.TrimSpace(article.Title())
	}
	for _, line := range []string{title, head.origin} {
		if line != "" && !strings.HasPrefix(body, line) && !strings.Contains(body[:min(len(body), 600)], line) {
			b.WriteString(line + "\n")
		}
	}
	b.WriteString(body + "\n")
	d := Document{Text: b.String()}
	if published, err := article.PublishedTime(); err == nil {
		d.Published = published
	}
	return d, nil
}

// head is what a page shows above its text.
type head struct{ title, origin string }

// origin is how pages of news and offices say where a text comes from and when it was put there.
var origin = regexp.MustCompile(`来源[:：]|发布时间|发布日期|时间[:：]|[0-9]{4}[-年/.][0-9]{1,2}[-月/.][0-9]{1,2}`)

// maxOrigin keeps out whole paragraphs that happen to hold a date, in runes.
const maxOrigin = 120

// headOf takes the first heading and the first short block after it that names source or date.
func headOf(root *html.Node) (h head) {
	var walk func(n *html.Node) bool
	walk = func(n *html.Node) bool {
		if n.Type == html.ElementNode {
			switch n.Data {
			case "script", "style", "head", "nav":
				return true
			case "h1":
				if h.title == "" {
					h.title = words(n)
				}
				return true
			case "div", "p", "span", "td", "h2", "h3", "h4", "ul", "section":
				line := words(n)
				if h.title != "" && utf8.RuneCountInString(line) <= maxOrigin && origin.MatchString(line) {
					h.origin = line
					return false
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if !walk(c) {
				return false
			}
		}
		return true
	}
	walk(root)
	return h
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
