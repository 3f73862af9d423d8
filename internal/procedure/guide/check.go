package guide

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"luoshi/internal/procedure"
)

// The rules that a guide is held against, beside those of reading any file.
const (
	ruleFormat      = "format"
	ruleMissing     = "missing-member"
	ruleName        = "name"
	ruleDuplicate   = "duplicate-name"
	ruleText        = "text-missing"
	ruleLanguage    = "text-language"
	ruleUnknown     = "guide-unknown"
	ruleUnreachable = "guide-unreachable"
	ruleEndless     = "guide-endless"
	ruleProcedure   = "guide-procedure"
	ruleBasis       = "basis"
)

// Rules are the names of the rules of guides alone, in the order of doc/procedures.md.
func Rules() []string { return []string{ruleUnknown, ruleUnreachable, ruleEndless, ruleProcedure} }

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,63}$`)

// checker collects findings.
type checker struct {
	g     *Guide
	found procedure.Errors
}

func (c *checker) find(path, rule, zh, en string, args ...any) {
	words := procedure.Text{"zh": fmt.Sprintf(zh, args...), "en": fmt.Sprintf(en, args...)}
	c.found = append(c.found, c.g.sheet.At(path, rule, procedure.SeverityError, words))
}

func (c *checker) check() {
	g := c.g
	if g.Format != Format {
		c.find("format", ruleFormat, "本程序读 %[1]s；请先写 `format: %[1]s`", "this program reads %[1]s; write `format: %[1]s` first", Format)
	}
	c.named("id", g.ID)
	c.need("title", g.Title)
	c.need("summary", g.Summary)
	if len(g.Languages) == 0 {
		c.find("languages", ruleMissing, "请写明语言", "name the languages")
	}
	c.texts(reflect.ValueOf(g).Elem(), "")
	names := map[string]string{}
	for i := range g.Questions {
		c.question(fmt.Sprintf("questions[%d]", i), &g.Questions[i], names)
	}
	for i := range g.Outcomes {
		c.outcome(fmt.Sprintf("outcomes[%d]", i), &g.Outcomes[i], names)
	}
	ways := map[string]string{}
	for i := range g.Ways {
		c.way(fmt.Sprintf("ways[%d]", i), &g.Ways[i], ways)
	}
	if g.questions[g.First] == nil {
		c.find("first", ruleUnknown, "没有问题 %q", "there is no question %q", g.First)
		return
	}
	c.reach()
	slices.SortStableFunc(c.found, func(a, b procedure.Finding) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
}

// own checks a name that nothing else in the guide may have.
func (c *checker) own(path, name string, names map[string]string) {
	c.named(path+".name", name)
	if first := names[name]; first != "" {
		c.find(path+".name", ruleDuplicate, "%q 已经用在 %s", "%q is the name of %s already", name, first)
	}
	names[name] = path
}

func (c *checker) named(path, name string) {
	if !nameForm.MatchString(name) {
		c.find(path, ruleName, "%q 不是名称：小写字母开头，后面是小写字母、数字和连字符", "%q is not a name: begin with a small letter, go on with small letters, digits and hyphens", name)
	}
}

func (c *checker) need(path string, t procedure.Text) {
	if len(t) == 0 {
		c.find(path, ruleMissing, "缺少 %s", "%s must be given", path)
	}
}

func (c *checker) question(path string, q *Question, names map[string]string) {
	c.own(path, q.Name, names)
	c.need(path+".ask", q.Ask)
	if len(q.Answers) < 2 {
		c.find(path+".answers", ruleMissing, "%q 至少要有两个回答", "%q needs two answers or more", q.Name)
	}
	seen := map[string]bool{}
	for i, a := range q.Answers {
		at := fmt.Sprintf("%s.answers[%d]", path, i)
		c.need(at+".text", a.Text)
		switch {
		case c.g.questions[a.To] == nil && c.g.outcomes[a.To] == nil:
			c.find(at+".to", ruleUnknown, "没有问题或者结果 %q", "there is no question or outcome %q", a.To)
		case seen[a.To]:
			c.find(at+".to", ruleDuplicate, "两个回答都到 %q；请合成一个", "two answers lead to %q; make them one", a.To)
		}
		seen[a.To] = true
	}
}

func (c *checker) outcome(path string, o *Outcome, names map[string]string) {
	c.own(path, o.Name, names)
	c.need(path+".title", o.Title)
	c.need(path+".text", o.Text)
	for i, way := range append([]string{o.Way}, o.Others...) {
		at := path + ".way"
		if i > 0 {
			at = fmt.Sprintf("%s.others[%d]", path, i-1)
		}
		if c.g.ways[way] == nil {
			c.find(at, ruleUnknown, "没有途径 %q", "there is no way %q", way)
		}
		if i > 0 && (way == o.Way || slices.Index(o.Others, way) < i-1) {
			c.find(at, ruleDuplicate, "途径 %q 写了两次", "the way %q is listed twice", way)
		}
	}
	c.bases(path, o.Basis)
}

func (c *checker) way(path string, w *Way, names map[string]string) {
	c.own(path, w.Name, names)
	for member, t := range map[string]procedure.Text{"title": w.Title, "where": w.Where, "cost": w.Cost, "time": w.Time, "binding": w.Binding, "fails": w.Fails} {
		c.need(path+"."+member, t)
	}
	if len(w.Basis) == 0 {
		c.find(path+".basis", ruleMissing, "请写明 %q 的依据，或者写明没有", "say by which law %q goes, or that there is none", w.Name)
	}
	c.bases(path, w.Basis)
}

// bases are rules of law with how sure they are, as in procedures.
func (c *checker) bases(path string, bases []procedure.Basis) {
	for i, b := range bases {
		at := fmt.Sprintf("%s.basis[%d]", path, i)
		known := slices.Contains([]string{procedure.StatusVerified, procedure.StatusWeak, procedure.StatusMemory}, b.Status)
		switch {
		case b.Law == "" && len(b.Note) == 0:
			c.find(at, ruleBasis, "请写明法律，或者在 note 里写明为什么没有", "name the law, or say in a note why there is none")
		case b.Law != "" && !known:
			c.find(at, ruleBasis, "请写明有多可靠：verified、weak 或 memory", "say how sure it is: status verified, weak or memory")
		}
	}
}

// texts checks every text: each language of the guide, and no other, has words.
func (c *checker) texts(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			c.texts(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if tag := v.Type().Field(i).Tag.Get("yaml"); tag != "" && tag != "-" {
				c.texts(v.Field(i), strings.TrimPrefix(path+"."+tag, "."))
			}
		}
	case reflect.Map:
		if t, ok := v.Interface().(procedure.Text); ok && t != nil {
			c.text(path, t)
		}
	}
}

func (c *checker) text(path string, t procedure.Text) {
	for _, lang := range c.g.Languages {
		if strings.TrimSpace(t[lang]) == "" {
			c.find(path, ruleText, "%s 缺少语言 %q 的文字", "%s has no words in %q", path, lang)
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(t)) {
		if !slices.Contains(c.g.Languages, lang) {
			c.find(path+"."+lang, ruleLanguage, "%q 不是这份指引的语言", "%q is not among the languages of this guide", lang)
		}
	}
}

// reach walks from the first question: everything is reached, and no way goes in a circle, so that each ends.
func (c *checker) reach() {
	g := c.g
	mark := map[string]int{} // 1: on the way that is walked, 2: walked
	ways := map[string]bool{}
	var walk func(name string)
	walk = func(name string) {
		if o := g.outcomes[name]; o != nil {
			mark[name], ways[o.Way] = 2, true
			for _, w := range o.Others {
				ways[w] = true
			}
			return
		}
		q := g.questions[name]
		if q == nil {
			return
		}
		mark[name] = 1
		for _, a := range q.Answers {
			switch mark[a.To] {
			case 1:
				i := slices.IndexFunc(g.Questions, func(x Question) bool { return x.Name == name })
				c.find(fmt.Sprintf("questions[%d].answers", i), ruleEndless, "从 %q 又回到 %q，这样问不完", "from %q it goes back to %q, so the questions need not end", name, a.To)
			case 0:
				walk(a.To)
			}
		}
		mark[name] = 2
	}
	walk(g.First)
	for i, q := range g.Questions {
		if mark[q.Name] == 0 {
			c.find(fmt.Sprintf("questions[%d].name", i), ruleUnreachable, "没有回答会走到问题 %q", "no answer leads to the question %q", q.Name)
		}
	}
	for i, o := range g.Outcomes {
		if mark[o.Name] == 0 {
			c.find(fmt.Sprintf("outcomes[%d].name", i), ruleUnreachable, "没有回答会走到结果 %q", "no answer leads to the outcome %q", o.Name)
		}
	}
	for i, w := range g.Ways {
		if !ways[w.Name] {
			c.find(fmt.Sprintf("ways[%d].name", i), ruleUnreachable, "没有结果用到途径 %q", "no outcome that is reached has the way %q", w.Name)
		}
	}
}

// Check holds the guide against the procedures: those that it names are there and can be brought by anybody, and what a
// form begins with is a choice that it asks for. find gives the newest version of a procedure, or nil.
func (g *Guide) Check(find func(id string) *procedure.Procedure) []procedure.Finding {
	c := &checker{g: g}
	for i, w := range g.Ways {
		if w.Procedure == "" {
			continue
		}
		path := fmt.Sprintf("ways[%d].procedure", i)
		switch p := find(w.Procedure); {
		case p == nil:
			c.find(path, ruleProcedure, "没有规程 %q", "there is no procedure %q", w.Procedure)
		case !slices.ContainsFunc(p.Open.By, func(who procedure.Who) bool { return who.Relation == procedure.RelationResident }):
			c.find(path, ruleProcedure, "规程 %q 不能由居民自己提出", "the procedure %q is not one that residents bring", w.Procedure)
		}
	}
	for i := range g.Outcomes {
		c.prefilled(fmt.Sprintf("outcomes[%d].fields", i), &g.Outcomes[i], find)
	}
	return c.found
}

func (c *checker) prefilled(path string, o *Outcome, find func(id string) *procedure.Procedure) {
	w := c.g.ways[o.Way]
	if len(o.Fields) == 0 || w == nil {
		return
	}
	p := find(w.Procedure)
	if w.Procedure == "" {
		c.find(path, ruleProcedure, "途径 %q 没有规程，不能预填", "the way %q has no procedure to fill a form of", w.Name)
		return
	}
	if p == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(o.Fields)) {
		f := p.Field(name)
		asked := slices.ContainsFunc(p.AsksWhenOpening(), func(u procedure.FieldUse) bool { return u.Name == name })
		switch {
		case f == nil || !asked || f.Type != procedure.TypeChoice || f.Class != procedure.ClassPlain:
			c.find(path+"."+name, ruleProcedure, "规程 %q 登记时没有可以预填的选项 %q", "the procedure %q asks for no plain choice %q when a matter is brought", p.ID, name)
		case !slices.ContainsFunc(f.Choices, func(x procedure.Choice) bool { return x.Value == o.Fields[name] }):
			c.find(path+"."+name, ruleProcedure, "%q 没有选项 %q", "%q has no choice %q", name, o.Fields[name])
		}
	}
}
