package procedure

import "fmt"

// inChinese says a message of loading in Chinese: format is the English one, by which it is found. Messages that
// CEL, YAML and regular expressions give stay as these give them. A test sees to it that none is left out.
func inChinese(format string, args []any) string {
	zh, ok := chinese[format]
	if !ok {
		return ""
	}
	if format == mustBe {
		args = []any{args[0], chinese[args[1].(string)]}
	}
	return fmt.Sprintf(zh, args...)
}

// mustBe is the message whose second argument is itself in words.
const mustBe = "%s must be %s"

// chinese are the messages by the English format, each with the same arguments.
var chinese = map[string]string{
	// Reading.
	"the file has more than %d bytes; split it": "文件超过 %d 字节，请拆分",
	"%s": "%s",
	"one file holds one declaration: take out the second document":                        "一个文件只写一个规程：请去掉第二份文档",
	"the file is empty; begin with `format: %s`":                                          "文件是空的；第一行写 `format: %s`",
	"%q must be the number of a published version":                                        "%q 要写已发布版本的编号",
	"from and to are the same version; there is nothing to migrate":                       "from 和 to 是同一个版本，没有什么要迁移",
	"the reason has %d bytes, more than %d: it stands in every matter":                    "理由有 %d 字节，超过 %d：每件事项里都要写这个理由",
	"a declaration is a mapping; begin with `format: %s`":                                 "规程要写成键值对；第一行写 `format: %s`",
	"%q is not a member here; there are: %s":                                              "这里没有 %q 这一项；有的是：%s",
	"a member's name must be plain text":                                                  "键名必须是普通文字",
	"%q is given twice; keep one":                                                         "%q 写了两次，请只留一个",
	"anchors, aliases, tags and directives are not part of the form: write the value out": "不能用锚点、别名、标签和指令：请把内容直接写出来",
	"%s is empty; give it a value or leave the member out":                                "%s 是空的；请填写，或者去掉这一项",
	"this is nested more than %d deep, or one line has more than %d words and marks":      "嵌套超过 %d 层，或者一行里的词和符号超过 %d 个",
	"%s must be %s":      "%s 必须是%s",
	"a whole number":     "整数",
	"a number":           "数字",
	"true or false":      "true 或者 false",
	"text":               "文字",
	"a list":             "列表",
	"a mapping":          "键值对",
	"nested less deeply": "层次少一些的内容",

	// Everywhere.
	"%q must be given here":                    "这里要写 %q",
	"%q is not one of: %s":                     "%q 不在可选的词里：%s",
	"%q is declared twice in %s":               "%q 在 %s 里写了两次",
	"%q is listed twice":                       "%q 列了两次",
	"this has %d characters; write at most %d": "这里有 %d 个字，最多写 %d 个",
	"%q is not a name: begin with a small letter, go on with small letters, digits and hyphens (fields: also _), at most 64": "%q 不能作名称：小写字母开头，后面用小写字母、数字和连字符（字段还可以用 _），最多 64 个",
	"%q is not a date; write it like 2026-01-31": "%q 不是日期；请写成 2026-01-31 这样",
	"no state %q is declared":                    "没有状态 %q",
	"no step %q is declared":                     "没有步骤 %q",
	"no clock %q is declared":                    "没有时限 %q",
	"no field %q is declared":                    "没有字段 %q",
	"no notice %q is declared":                   "没有通知 %q",
	"no document %q is declared":                 "没有文书 %q",
	"no party has the role %q":                   "没有当事人角色 %q",
	"no kind %q is declared":                     "没有单位种类 %q",
	"no sub-matter %q is declared under subs":    "subs 里没有子事项 %q",

	// Head, texts and basis.
	"this program reads %s; write `format: %s` first":        "本程序读的是 %s；第一行写 `format: %s`",
	"version must be 1 or more, and grows with every change": "version 从 1 开始，每改一次就增大",
	"%q is not a time zone; write it like Asia/Shanghai":     "%q 不是时区；请写成 Asia/Shanghai 这样",
	"%q is not a language tag; write zh or en":               "%q 不是语言标记；请写 zh 或 en",
	"an article or status needs the law it belongs to":       "写了条款或者核实情况，就要写是哪部法",
	"name the law, or say in a note why there is none":       "请写明依据的法律；没有的，在 note 里说明为什么",
	"say how sure %q is: status verified, weak or memory":    "请写明 %q 核实到什么程度：status 写 verified、weak 或 memory",
	"%s has no words in %q":                                  "%s 没有语言 %q 的文字",
	"%s is empty in %q":                                      "%s 的语言 %q 是空的",
	"%q is not among the languages of this procedure":        "%q 不在本规程的语言里",

	// Opening, people and steps.
	"%q must be given: who may begin a matter, and where it stands then":                        "要写 %q：谁可以提起事项，提起后处于什么状态",
	"a matter cannot begin at %q, which is an end":                                              "事项不能从 %q 开始，它是终点",
	"name a role or a relation: role:clerk, party, party:applicant, assigned, system":           "请写角色或者关系：role:clerk、party、party:applicant、assigned、system",
	"%q cannot act here; possible are role:<role> and: %s":                                      "%q 不能在这里办理；可以写 role:<角色> 以及：%s",
	"%q is an office, and not all in it may act: name the role too, {role: head, relation: %s}": "%q 是单位，不是里面人人都可以办；请同时写角色：{role: head, relation: %s}",
	"%q is the event that begins a matter; name the step otherwise":                             "%q 是提起事项这件事；步骤请换一个名称",
	"no state is an end; give one `end: true`":                                                  "没有终点；请给一个状态写上 `end: true`",
	"%q is an end: nothing can be done from there":                                              "%q 是终点，之后不能再办什么",
	"%q goes against the party: say under remedy what they can do about it":                     "%q 对当事人不利：请在 remedy 里写明他可以怎么救济",
	"say under assign_role which role the chosen person must have":                              "请在 assign_role 里写明被选的人要有什么角色",
	"assign_role belongs to `assign: choose`":                                                   "assign_role 要和 `assign: choose` 一起用",
	"no step is for role:%s or for the assigned person, so nobody with this role could go on":   "没有步骤由 role:%s 或者承办人来做，这样的人指定了也办不下去",
	"`assign: actor` gives the matter to staff; %q is not staff":                                "`assign: actor` 是交给工作人员；%q 不是工作人员",
	"refer_not belongs to `refer: choose`":                                                      "refer_not 要和 `refer: choose` 一起用",
	"refer_kinds belongs to `refer: choose`":                                                    "refer_kinds 要和 `refer: choose` 一起用",
	"guards cannot be read: %s":                                                                 "条件读不了：%s",

	// Parties and fields.
	"min and max must not be negative, and max, unless 0 for no limit, not below min": "min 和 max 不能是负数；max 不能小于 min（0 表示不限）",
	"max_length must be more than 0":                                                                   "max_length 必须大于 0",
	"max_length is for fields of type string and text":                                                 "max_length 只用于 string 和 text 字段",
	"minimum and maximum are for fields of type integer and number":                                    "minimum 和 maximum 只用于 integer 和 number 字段",
	"minimum is above maximum: no value can be right":                                                  "minimum 大于 maximum：填什么都不对",
	"pattern is for fields of type string and text":                                                    "pattern 只用于 string 和 text 字段",
	"the pattern cannot be read: %s":                                                                   "pattern 读不了：%s",
	"choices are for fields of type choice":                                                            "choices 只用于 choice 字段",
	"only a field of type choice can be counted: its values are few and known":                         "只有 choice 字段可以用于统计：它的取值少而且都知道",
	"a field of type choice needs choices":                                                             "choice 字段要写 choices",
	"a %s field cannot be a dimension of statistics":                                                   "%s 字段不能用于统计",
	"the value %q is given twice":                                                                      "值 %q 写了两次",
	"%q: ethnicity, religion and political opinion of persons are never asked for; take the field out": "%q：不得询问个人的民族、宗教和政治观点；请去掉这个字段",

	"accept and max_files are for fields of type file":           "accept 和 max_files 只用于 file 字段",
	"max_files is a whole number from 1 to %d":                   "max_files 要写 1 到 %d 的整数",
	"checksum is for fields of type string":                      "checksum 只用于 string 字段",
	"the field %q holds files, which are not shown to everybody": "字段 %q 是文件，不能给所有人看",

	// Clocks.
	"%q belongs into each of the rules, since this clock lists rules":                          "这个时限列了 rules，%q 要写在每条规定里",
	"say under valid_to when the rule before ended, and under valid_from when this one begins": "请用 valid_to 写明前一条规定到哪天为止，用 valid_from 写明这一条从哪天开始",
	"the rule before holds until %s, so this one must begin on the day after, not on %s":       "前一条规定到 %s 为止，这一条要从第二天开始，不能从 %s 开始",
	"the rule ends on %s, before it begins on %s":                                              "这条规定到 %s 为止，却从 %s 才开始",
	"the step %q is not for the system; add `system` to its by":                                "步骤 %q 不由系统来做；请在 by 里加上 `system`",
	"max must say how many times, 1 or more":                                                   "max 要写明最多几次，至少 1 次",
	"no step extends the clock %q":                                                             "没有步骤延长时限 %q",
	"the clock %q has no extension":                                                            "时限 %q 没有写延长",
	"a matter begins at %q, so open must require the field %q":                                 "事项从 %q 开始，所以登记时必须填写字段 %q",
	"the step %q leads to %q, so it must require the field %q":                                 "步骤 %q 走到 %q，所以必须填写字段 %q",
	"parties are told the reason, so the field %q must be seen by parties":                     "延长的理由要告诉当事人，所以字段 %q 必须让当事人看得到",
	"the step %q extends %q, so it must require the field %q":                                  "步骤 %q 延长 %q，所以必须填写字段 %q",
	"parties are told the reason, so the step %q cannot be visible to the office only":         "延长的理由要告诉当事人，所以步骤 %q 不能只给单位看",

	// Notices, documents and the public view.
	"no step sends the notice %q":    "没有步骤发出通知 %q",
	"no step issues the document %q": "没有步骤出具文书 %q",
	"a brace opens or closes a placeholder, and nothing else; write the text without braces": "花括号只用来写占位符；正文里请不要用花括号",
	"{%s}: %s":              "{%s}：%s",
	"a subject is one line": "标题只能有一行",
	"{note} may hold something personal, which a subject never does; put it into the body":      "{note} 里可能有个人信息，标题里不能有；请写到正文里",
	"{%s} is %s, which a subject never is; put it into the body":                                "{%s} 是 %s 信息，标题里不能有；请写到正文里",
	"the notice holds {%s}, which %q may not see: its seen_by is %s":                            "通知里有 {%s}，而 %q 不能看：它的 seen_by 是 %s",
	"parties do not see what is recorded with the step %q, and the notice %q tells them {note}": "当事人看不到步骤 %q 的记录，而通知 %q 却把 {note} 告诉了他们",
	"the field %q is %s: only plain fields are shown to everybody":                              "字段 %q 是 %s：只有 plain 字段可以给所有人看",

	// Matters that are issued.
	"nobody issues these matters: list under open.issuers which kinds of unit do":                 "这类事项没有交办单位：请在 open.issuers 里写明哪些单位可以交办",
	"the field %q is a %s %s; the day on which a clock ends is a plain date":                      "字段 %q 是 %s %s；时限的最后一日要用 plain 的 date 字段",
	"a clock that ends on a given day does not stand still; leave suspended_in out":               "到指定日子为止的时限不会暂停；请去掉 suspended_in",
	"the day is given in the field %q, so neither the rule nor its extension has a period":        "日子写在字段 %q 里，所以规定和延长都不写 period",
	"the clock begins when a matter is opened, so open must require the field %q":                 "这个时限从提起时开始，所以 open 必须要求填写字段 %q",
	"the step %q starts or extends the clock, so it must require the field %q":                    "步骤 %q 开始或者延长这个时限，所以必须要求填写字段 %q",
	"%q is no end: a matter is done where it has ended":                                           "%q 不是终点：事项结束了才算完成",
	"the choice %q of the field %q is no rule; the rules are %v":                                  "选项 %q（字段 %q）不是算法；算法有 %v",
	"the field %q must have a minimum of 0 and a maximum of 100: it is reported in hundredths":    "字段 %q 要写 minimum: 0 和 maximum: 100：进度按百分比报",
	"the field %q must have a minimum of 1 or more: a part without weight is no part":             "字段 %q 的 minimum 至少是 1：没有分量的不算一部分",
	"where numbers are added up, say under number which, and under target what they are to reach": "要把数字相加的，请在 number 里写明加哪个数，在 target 里写明要达到多少",
	"the field %q must be plain, of the type %v, and seen by all staff":                           "字段 %q 必须是 plain，类型为 %v，并且工作人员都能看",

	// Sub-matters.
	"max says how many may be outstanding at once: 1 or more, or left out for no limit": "max 是同时最多几件：至少 1，不写就是不限",
	"no step opens a sub-matter %q":                                                                                   "没有步骤开立子事项 %q",
	"the step %q is told by another matter; it cannot open, tell or go on itself":                                     "步骤 %q 由另一个事项带动；它自己不能再另立、带动或者转入",
	"the field %q is sensitive: only those who may read this matter see it":                                           "字段 %q 是敏感信息：只有能看本事项的人才能看",
	"the staff of a sub-matter would see the field %q, which not all staff see here: its seen_by has no `staff`":      "子事项的工作人员会看到字段 %q，而在这里并不是工作人员都能看：它的 seen_by 里没有 `staff`",
	"the step %q asks for something, which nobody is there to give when the system takes it":                          "步骤 %q 要填写或者选择，而系统做这一步时没有人来填",
	"the matter is in %q already; name another procedure":                                                             "事项已经在 %q 里；请写另一个规程",
	"%q leads into another procedure and cannot have %q too: state, office, person and clocks are those of the other": "%q 转入其他规程，不能再有 %q：状态、单位、人员、时限都由那个规程定",
	"%q leads into another procedure; no clock of this one can start with it":                                         "%q 转入其他规程；这里的时限不能由它开始",
	"the party %q would become both %q and %q; it can be one of them":                                                 "当事人 %q 会同时成为 %q 和 %q；只能是其中一个",
	"%q ends the matter, and the sub-matter %q would have to end before; make it detached":                            "%q 结束事项，而子事项 %q 必须先办完；请让它独立（detached）",

	// Example.
	"write `procedure: %s`, without the version":           "请写 `procedure: %s`，不带版本",
	"a title of 1 to %d characters is needed":              "要有标题，1 到 %d 个字",
	"%v is not among the channels of open":                 "%v 不在 open 的渠道里",
	"unit must be text; leave it out to have it filled in": "unit 必须是文字；不写就由系统填",
	"fields must be a mapping of field names to values":    "fields 要写成字段名和值",
	"%s: %s":                 "%s：%s",
	"parties must be a list": "parties 必须是列表",
	"a party is a mapping with role and name":                            "当事人要写 role 和 name",
	"%s must be text; put a number into quotes":                          "%s 必须是文字；数字请加引号",
	"a party needs a name":                                               "当事人要有姓名",
	"%d parties have the role %q; at least %d, at most %d (0: no limit)": "有 %d 个当事人是 %q；至少 %d 个，最多 %d 个（0 表示不限）",
}
