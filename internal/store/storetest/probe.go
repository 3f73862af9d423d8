package storetest

import "embed"

// joints are procedures of which one opens matters of the others, and waits for them.
//
//go:embed testdata/*.yaml
var joints embed.FS

// probe is a procedure with a bit of everything that verbs have to obey.
const probe = `format: luoshi-procedure/1
id: probe
version: 1
title: {zh: "试办", en: "Probe"}
summary: {zh: "试办一件事。", en: "A matter to try things on."}
languages: [zh, en]
calendar: cn
time_zone: Asia/Shanghai
basis:
  - {note: {zh: "只用于试办。", en: "For trials only."}}
open:
  by: [resident, "role:clerk"]
  channels: [web, api]
  units: [township, county]
  to: working
  fields:
    - {name: facts, required: true}
    - {name: remark, required: false}
parties:
  - {role: applicant, title: {zh: "申请人", en: "Applicant"}, min: 1, max: 2, sees: true}
  - {role: respondent, title: {zh: "对方", en: "Other party"}, min: 0, max: 2, sees: true}
  - {role: witness, title: {zh: "证人", en: "Witness"}, min: 0, max: 2, sees: false}
fields:
  - {name: facts, title: {zh: "情况", en: "Facts"}, type: text, max_length: 2000000, class: personal, seen_by: [staff, parties]}
  - {name: remark, title: {zh: "备注", en: "Remark"}, type: text, class: personal, seen_by: [staff]}
  - {name: finding, title: {zh: "结论", en: "Finding"}, type: string, class: personal, seen_by: [staff, parties]}
states:
  - name: working
    title: {zh: "办理中", en: "Being handled"}
    public: {zh: "正在办理。", en: "It is being handled."}
  - name: waiting
    title: {zh: "等待", en: "Waiting"}
    public: {zh: "等待材料，期限暂停。", en: "Waiting for papers; the time stands still."}
  - name: done
    end: true
    title: {zh: "办结", en: "Done"}
    public: {zh: "已经办结。", en: "It is done."}
steps:
  - name: wait
    title: {zh: "等材料", en: "Wait for papers"}
    from: [working]
    to: waiting
    by: ["role:clerk"]
    note: optional
  - name: resume
    title: {zh: "继续", en: "Go on"}
    from: [waiting]
    to: working
    by: ["role:clerk"]
    note: none
  - name: more-time
    title: {zh: "延长", en: "More time"}
    from: [working]
    by: ["role:clerk"]
    extend: handling
    note: none
  - name: again
    title: {zh: "重新起算", en: "Begin the time again"}
    from: [working]
    by: ["role:clerk"]
    note: none
  - name: inquire
    title: {zh: "内部调查", en: "Inquire"}
    from: [working]
    by: ["role:clerk"]
    note: required
    visible: office
  - name: tell
    title: {zh: "告知", en: "Tell"}
    from: [working]
    by: ["role:clerk"]
    fields: [{name: remark, required: false}]
    note: required
  - name: comment
    title: {zh: "补充说明", en: "Comment"}
    from: [working, waiting]
    by: [party]
    note: required
  - name: refer
    title: {zh: "转办", en: "Refer"}
    from: [working]
    by: ["role:clerk"]
    refer: choose
    refer_kinds: [township, county]
    assign: none
    note: optional
  - name: return
    title: {zh: "退回", en: "Send back"}
    from: [working]
    by: ["role:clerk"]
    refer: back
    assign: none
    note: required
  - name: assign
    title: {zh: "指定", en: "Assign"}
    from: [working]
    by: ["role:clerk"]
    assign: choose
    assign_role: officer
    note: none
  - name: finish
    title: {zh: "办结", en: "Finish"}
    from: [working, waiting]
    to: done
    by: ["role:clerk", {role: officer, relation: assigned}]
    fields: [{name: finding, required: true}]
    note: optional
clocks:
  - name: handling
    title: {zh: "办理期限", en: "Time to handle"}
    period: 10d
    roll: false
    starts: [open, again]
    stops: []
    suspended_in: [waiting]
    extension: {period: 5d, max: 1}
    responsible: owner
    basis: {note: {zh: "只用于试办。", en: "For trials only."}}
example:
  procedure: probe
  title: 一件小事
  channel: web
  fields: {facts: 门口的树挡了光。}
  parties:
    - {role: applicant, name: 张三, phone: "13800000001", address: 一号院}
    - {role: respondent, name: 李四, phone: "13900000002"}
`
