package ledger

import "fmt"

// Code says why something is not proved. Codes are stable; texts may improve.
type Code string

// The codes. Each one's texts stand in [Problem.Text].
const (
	CodeProved      Code = "proved"       // nothing is wrong
	CodeHashOnly    Code = "hash-only"    // proved, but for a hash without its entry
	CodeNoKey       Code = "no-key"       // consistent, but no trusted key was given
	CodeBadKey      Code = "bad-key"      // the trusted key itself is unreadable
	CodeMalformed   Code = "malformed"    // not a receipt
	CodeFormat      Code = "format"       // a receipt of an unknown form
	CodeTooLarge    Code = "too-large"    // above the limit of 8 MiB
	CodeAct         Code = "act"          // the act lacks what every act has
	CodeNumber      Code = "number"       // the number is another matter's
	CodeEntryHash   Code = "entry-hash"   // the act was changed
	CodeContent     Code = "content"      // the content was changed
	CodeSalt        Code = "salt"         // salts do not go with what is shown
	CodeProof       Code = "proof"        // the proof text is malformed
	CodeIndex       Code = "index"        // two different indexes
	CodeTwoHeads    Code = "two-heads"    // two different checkpoints
	CodeCheckpoint  Code = "checkpoint"   // the checkpoint is malformed
	CodeKeyName     Code = "key-name"     // key and checkpoint name different logs
	CodeNotIncluded Code = "not-included" // the entry is not under the head
	CodeForeignLog  Code = "foreign-log"  // a log that no trusted key is for
	CodeWrongKey    Code = "wrong-key"    // right name, another key
	CodeSignature   Code = "signature"    // the signature is invalid
	CodeCutBack     Code = "cut-back"     // the log became shorter
	CodeForked      Code = "forked"       // the log's past was changed
)

// Language is a language of texts for people.
type Language string

// The languages there are; any other is read as English.
const (
	English Language = "en"
	Chinese Language = "zh"
)

// Problem is an answer of the verifier in a form that can be told in several
// languages. As an error it speaks English.
type Problem struct {
	Code   Code
	Detail string // a name, number or short technical remark, may be empty
}

// Error implements error.
func (p *Problem) Error() string { return p.Text(English) }

// Text tells the problem in a language, with the detail where there is one.
func (p *Problem) Text(lang Language) string {
	t := p.Code.texts()
	if lang == Chinese {
		if p.Detail == "" {
			return t.zh
		}
		return fmt.Sprintf("%s（%s）", t.zh, p.Detail)
	}
	if p.Detail == "" {
		return t.en
	}
	return fmt.Sprintf("%s (%s)", t.en, p.Detail)
}

type texts struct{ en, zh string }

// texts holds the words of each code. A switch, not a table: nothing here can be
// changed at run time.
func (c Code) texts() texts {
	switch c {
	case CodeProved:
		return texts{"proved: the entry stands in the log", "已证明：该记录在日志之中"}
	case CodeHashOnly:
		return texts{"proved for the hash only: the receipt does not show the entry, so its number, kind and time are not proved", "仅证明摘要：回执未附记录内容，事项编号、类别和时间未获证明"}
	case CodeNoKey:
		return texts{"internally consistent only: no trusted key given", "仅内部一致：未提供受信任的验证公钥"}
	case CodeBadKey:
		return texts{"the trusted key is not a usable verifier key of the form name+hash+key", "所给验证公钥无法使用，应为“名称+摘要+公钥”的形式"}
	}
	if t, ok := c.formTexts(); ok {
		return t
	}
	return c.logTexts()
}

// formTexts has the words for faults of the receipt itself.
func (c Code) formTexts() (texts, bool) {
	switch c {
	case CodeMalformed:
		return texts{"this is not a complete receipt: it is damaged, cut off or something else", "这不是完整的回执：文件已损坏、被截断或并非回执"}, true
	case CodeFormat:
		return texts{"the receipt is of a form this program does not know: a newer version may", "本程序不认识此回执格式，请尝试更新版本"}, true
	case CodeTooLarge:
		return texts{"the file is larger than any receipt", "文件超过回执的大小上限"}, true
	case CodeAct:
		return texts{"the entry's act lacks a valid matter, kind or time", "记录缺少有效的事项编号、类别或时间"}, true
	case CodeNumber:
		return texts{"the number does not belong to the entry: the receipt is for another matter", "编号与记录不符：该回执属于另一事项"}, true
	case CodeEntryHash:
		return texts{"the entry was changed: it does not have the hash that the receipt names", "记录已被改动：与回执所列摘要不符"}, true
	case CodeContent:
		return texts{"the content was changed or belongs to another entry: it does not match the entry's commitment", "内容已被改动或属于其他记录：与记录中的承诺值不符"}, true
	case CodeSalt:
		return texts{"the salt is damaged or does not go with what the receipt shows", "盐值已损坏，或与回执所附部分不对应"}, true
	default:
		return texts{}, false
	}
}

// logTexts has the words for faults of proof, checkpoint, key and log.
func (c Code) logTexts() texts {
	switch c {
	case CodeProof:
		return texts{"the proof is damaged", "证明文本已损坏"}
	case CodeIndex:
		return texts{"the receipt and its proof name different places in the log", "回执与其证明所列的日志位置不同"}
	case CodeTwoHeads:
		return texts{"the receipt's checkpoint is not the one its proof is for", "回执中的检查点与证明所用的检查点不同"}
	case CodeCheckpoint:
		return texts{"the checkpoint is damaged", "检查点已损坏"}
	case CodeKeyName:
		return texts{"the receipt names another key than its checkpoint", "回执所列公钥名称与检查点不符"}
	case CodeNotIncluded:
		return texts{"the entry is not in the log at this place: entry, salt, proof or checkpoint was changed", "该位置的日志不含此记录：记录、盐值、证明或检查点已被改动"}
	case CodeForeignLog:
		return texts{"the receipt comes from another log than the trusted key is for", "回执来自另一日志，与受信任的公钥无关"}
	case CodeWrongKey:
		return texts{"the checkpoint was signed by another key of the same name: not the trusted one", "检查点由同名的另一把密钥签署，并非受信任的公钥"}
	case CodeSignature:
		return texts{"the signature is not valid: the checkpoint was changed or forged", "签名无效：检查点已被改动或伪造"}
	case CodeCutBack:
		return texts{"the log was cut back: it is shorter than a head it has signed", "日志被截短：少于其曾签署的检查点"}
	case CodeForked:
		return texts{"the log's past was changed: it does not contain the head it once signed", "日志的历史已被改动：不再包含其曾签署的检查点"}
	default:
		return texts{"not proved: " + string(c), "未获证明：" + string(c)}
	}
}
