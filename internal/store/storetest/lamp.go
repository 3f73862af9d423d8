package storetest

// Lamp is a small procedure with what the probe has not: guards, required fields, offices above and behind, fields
// that few see, reasons of clocks, notices, a document, a public view.
const Lamp = `format: luoshi-procedure/1
id: lamp
version: 1
title: {zh: 路灯, en: Street lamp}
summary: {zh: 供测试用。, en: For tests.}
languages: [zh, en]
calendar: cn
time_zone: Asia/Shanghai
basis: [{note: {zh: 没有规定。, en: There is no rule of law.}}]
open:
  by: [resident, "role:clerk", {role: head, relation: superior}]
  channels: [web, api]
  units: [township, county]
  to: lodged
  fields: [{name: place, required: true}, {name: inner}, {name: whisper}, {name: diagnosis}]
parties:
  - {role: applicant, title: {zh: 报修人, en: Reporter}, min: 1, max: 1, sees: true}
  - {role: neighbour, title: {zh: 邻居, en: Neighbour}, min: 1, max: 1, sees: true}
fields:
  - {name: place, title: {zh: 地点, en: Place}, type: string, class: plain, seen_by: [staff, parties]}
  - {name: inner, title: {zh: 内部, en: Inner}, type: string, class: personal, seen_by: [staff]}
  - {name: whisper, title: {zh: 私下, en: Whisper}, type: string, class: personal, seen_by: ["party:applicant"]}
  - {name: diagnosis, title: {zh: 诊断, en: Diagnosis}, type: string, class: sensitive, seen_by: ["role:head", assigned]}
  - {name: metres, title: {zh: 长度, en: Metres}, type: number, minimum: 0, class: plain, seen_by: [staff, parties]}
  - {name: permit, title: {zh: 许可, en: Permit}, type: string, class: plain, seen_by: [staff, parties]}
  - {name: why, title: {zh: 理由, en: Reason}, type: string, class: personal, seen_by: [staff, parties]}
  - {name: mended-on, title: {zh: 修好日期, en: Mended on}, type: date, class: plain, seen_by: [staff, parties]}
states:
  - {name: lodged, title: {zh: 已登记, en: Received}, public: {zh: 等待修理。, en: It waits for repair.}}
  - {name: dug-up, title: {zh: 施工, en: Road works}, public: {zh: 施工后修理。, en: It is mended after the works.}}
  - {name: mended, title: {zh: 已修好, en: Mended}, public: {zh: 正在查验。, en: It is looked at.}, requires: [mended-on, metres]}
  - {name: done, end: true, title: {zh: 已办结, en: Done}, public: {zh: 已办结。, en: It is done.}}
steps:
  - {name: look, title: {zh: 查看, en: Look}, from: [lodged], by: ["role:clerk"], note: optional, fields: [{name: diagnosis}], visible: office, guard: 'matter.taken("look") < 2'}
  - {name: assign, title: {zh: 派人, en: Assign}, from: [lodged, dug-up, mended], by: ["role:clerk"], note: none, assign: choose, assign_role: officer}
  - {name: pass, title: {zh: 转出, en: Pass on}, from: [lodged], by: ["role:clerk"], note: none, refer: choose}
  - {name: dig, title: {zh: 施工, en: Dig}, from: [lodged], to: dug-up, by: ["role:clerk"], note: none, fields: [{name: permit, required: true}]}
  - {name: fill, title: {zh: 恢复, en: Fill}, from: [dug-up], to: lodged, by: ["role:clerk"], note: none}
  - {name: extend, title: {zh: 延长, en: Extend}, from: [lodged], by: ["role:head"], note: none, extend: mending, fields: [{name: why, required: true}], guard: '!matter.late("mending")'}
  - {name: urge, title: {zh: 督促, en: Urge}, from: [lodged], by: [{role: head, relation: superior}], note: required}
  - {name: ask-back, title: {zh: 询问, en: Ask back}, from: [lodged], by: [{role: clerk, relation: referrer}], note: required}
  - name: mend
    title: {zh: 修理, en: Mend}
    from: [lodged]
    to: mended
    by: ["role:clerk", assigned]
    note: optional
    fields: [{name: mended-on}]
    guard: {when: 'matter.taken("look") > 0 && has(fields.place)', else: {zh: 先查看。, en: Look first.}}
    notices: [mended, confided, checked]
    documents: [record]
  - {name: finish, title: {zh: 办结, en: Finish}, from: [mended], to: done, by: ["role:clerk"], note: optional, visible: office, notices: [finished], documents: [slip]}
clocks:
  - name: mending
    title: {zh: 修理, en: Mending}
    period: 10d
    starts: [open]
    stops: [mend]
    suspended_in: [{state: dug-up, reason: {zh: 施工期间不计算。, en: Works do not count.}, proof: permit}]
    extension: {period: 5d, max: 1, reason: why}
    responsible: owner
    basis: {note: {zh: 自定。, en: Our own.}}
  - {name: checking, title: {zh: 查验, en: Checking}, period: 5d, starts: [mend], responsible: owner, basis: {note: {zh: 自定。, en: Our own.}}}
notices:
  - name: mended
    to: [parties]
    subject: {zh: "{procedure} {number}：{state}", en: "{procedure} {number}: {state}"}
    body: {zh: "{unit}：{fields.place}，{fields.mended-on}，{due.checking}，{due.mending}。{note}", en: "{unit}: {fields.place}, {fields.metres} m, {fields.mended-on}, {due.checking}, {due.mending}. {note}"}
  - {name: confided, to: ["party:applicant"], subject: {zh: 悄悄话, en: In confidence}, body: {zh: "{fields.whisper}", en: "{fields.whisper}"}}
  - {name: checked, to: [owner, referrer, assigned], subject: {zh: 请查验, en: Please check}, body: {zh: "{fields.inner}", en: "{fields.inner}"}}
  - {name: finished, to: ["party:neighbour"], subject: {zh: 办结, en: Finished}, body: {zh: "{fields.place}", en: "{fields.place}"}}
documents:
  - {name: record, title: {zh: 记录, en: Record}, body: {zh: "{number}", en: "{number}: {fields.inner} {fields.permit} {note}"}}
  - {name: slip, title: {zh: 条子, en: Slip}, body: {zh: "{note}", en: "{note}"}}
public:
  unit: true
  fields: [place]
example:
  procedure: lamp
  title: 村口路灯
  fields: {place: 村口, inner: inner-words, whisper: whisper-words, diagnosis: diagnosis-words}
  parties: [{role: applicant, name: 张三}, {role: neighbour, name: 李四}]
`
