// Package report reads the report of a meeting: who met, when, where and how far down, who spoke, and what was decided,
// item by item, each with its exact place in the text.
//
// It works by the forms that such reports are written in, not by meaning: speech that is introduced (某某强调，),
// series with ordinals (一要…二要…, 一是, 第一, （一）, 1.) or of sentences with 要, offices and dates at their usual
// places. It must never invent: every string in a Report is a piece of the source, whatever the source says; what was
// understood by rule only, and does not add up, is a Finding. It knows no other package of the product.
package report
