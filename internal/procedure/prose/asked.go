package prose

import (
	"strings"

	"luoshi/internal/procedure"
)

// opening says who may bring a matter, how, and what is asked.
func (r *reader) opening() {
	o := r.p.Open
	r.heading("怎样提出", "How it begins")
	r.line(0, r.say("可以提出的人：%[1]s。", "It may be brought by: %[1]s.", r.p.OpenersIn(r.lang)))
	r.line(0, r.say("途径：%[1]s。", "Ways: %[1]s.", each(r, o.Channels, func(c string) string { return procedure.ChannelIn(c, r.lang) })))
	r.line(0, r.say("可以接收的单位：%[1]s。", "Offices that may receive it: %[1]s.", each(r, o.Units, r.kind)))
	if len(o.Issuers) > 0 {
		r.line(0, r.say("可以交办的单位：%[1]s。交办给本单位或者下面的单位。", "Offices that may issue it, to themselves or to offices below: %[1]s.", each(r, o.Issuers, r.kind)))
	}
	r.line(0, r.say("提出以后的状态：%[1]s。", "Then it stands at %[1]s.", r.state(o.To)))
	if len(o.Fields) > 0 {
		r.line(0, r.say("提出时要填：%[1]s。", "Asked when it is brought: %[1]s.", r.uses(o.Fields)))
	}
}

// uses lists fields that are asked for.
func (r *reader) uses(uses []procedure.FieldUse) string {
	return each(r, uses, func(u procedure.FieldUse) string {
		if u.Required {
			return r.field(u.Name) + r.say("（必填）", " (required)")
		}
		return r.field(u.Name) + r.say("（可以不填）", " (optional)")
	})
}

func (r *reader) parties() {
	r.heading("当事人", "The people concerned")
	for _, p := range r.p.Parties {
		number := ""
		switch {
		case p.Max == 0:
			number = r.say("至少%[1]d人，不限人数", "at least %[1]d, no limit", p.Min)
		case p.Min == p.Max:
			number = r.say("%[1]d人", "%[1]d", p.Min)
		default:
			number = r.say("%[1]d到%[2]d人", "%[1]d to %[2]d", p.Min, p.Max)
		}
		sees := r.say("不能用编号和查询码查看", "cannot follow the matter with number and code")
		if p.Sees {
			sees = r.say("可以用编号和查询码查看", "can follow the matter with number and code")
		}
		r.line(0, r.say("%[1]s：%[2]s；%[3]s。", "%[1]s: %[2]s; %[3]s.", r.in(p.Title), number, sees))
	}
}

// fields says what every datum is.
func (r *reader) fields() {
	if len(r.p.Fields) == 0 {
		return
	}
	r.heading("会问到的内容", "What may be asked")
	for i := range r.p.Fields {
		f := &r.p.Fields[i]
		r.line(0, r.say("%[1]s：%[2]s。", "%[1]s: %[2]s.", r.quoted(r.in(f.Title)), strings.Join(r.form(f), r.say("；", "; "))))
		if hint := r.in(f.Hint); hint != "" {
			r.line(1, r.say("填写提示：%[1]s", "Hint: %[1]s", hint))
		}
	}
}

// form says type, limits, class and who sees a field.
func (r *reader) form(f *procedure.Field) []string {
	parts := []string{r.fieldType(f.Type)}
	add := func(zh, en string, args ...any) { parts = append(parts, r.say(zh, en, args...)) }
	if len(f.Choices) > 0 {
		add("选项有%[1]s", "choices: %[1]s", each(r, f.Choices, func(c procedure.Choice) string { return r.quoted(r.in(c.Title)) }))
	}
	if f.MaxLength > 0 {
		add("最多%[1]d字", "at most %[1]d characters", f.MaxLength)
	}
	if f.Minimum != nil {
		add("不小于%[1]d", "not below %[1]d", *f.Minimum)
	}
	if f.Maximum != nil {
		add("不大于%[1]d", "not above %[1]d", *f.Maximum)
	}
	if f.Pattern != "" {
		add("写法要符合%[1]s", "written like %[1]s", f.Pattern)
	}
	if f.Checksum != "" {
		add("核对校验位", "its check digit is looked at")
	}
	if f.Type == procedure.TypeFile {
		add("可以交%[1]s", "takes %[1]s", f.Accepted(r.lang))
		add("最多%[1]d个", "at most %[1]d", f.FileLimit())
	}
	switch f.Class {
	case "sensitive":
		add("敏感个人信息", "sensitive personal data")
	case procedure.ClassPersonal:
		add("个人信息", "personal data")
	default:
		add("不是个人信息", "not personal")
	}
	add("看得到的人：%[1]s", "seen by: %[1]s", each(r, f.SeenBy, r.viewer))
	if f.Counted {
		add("用于统计", "counted in statistics")
	}
	return parts
}

func (r *reader) fieldType(t string) string {
	switch t {
	case "string":
		return r.say("一行文字", "one line of text")
	case "text":
		return r.say("一段文字", "text")
	case "integer":
		return r.say("整数", "a whole number")
	case "number":
		return r.say("数", "a number")
	case "boolean":
		return r.say("是或否", "yes or no")
	case "date":
		return r.say("日期", "a date")
	case "choice":
		return r.say("选一项", "one of several")
	case procedure.TypeFile:
		return r.say("文件", "files")
	}
	return t
}

// viewer is one of those who may see a field.
func (r *reader) viewer(v string) string {
	if role, ok := strings.CutPrefix(v, "party:"); ok {
		return r.party(role)
	}
	if role, ok := strings.CutPrefix(v, "role:"); ok {
		return procedure.RoleIn(role, r.lang)
	}
	switch v {
	case procedure.ViewerStaff:
		return r.say("办理单位的工作人员", "staff of the office")
	case procedure.ViewerParties:
		return r.say("当事人", "the parties")
	case procedure.RelationAssigned:
		return r.say("经办本件的人", "whoever is assigned")
	}
	return v
}
