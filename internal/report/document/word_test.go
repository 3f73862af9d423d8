package document_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"luoshi/internal/report/document"
)

func paragraph(text string) string { return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>" }

// tableRow is a row; a cell with | in it has several paragraphs.
func tableRow(cells ...string) string {
	var b strings.Builder
	for _, cell := range cells {
		b.WriteString("<w:tc>")
		for _, p := range strings.Split(cell, "|") {
			b.WriteString(paragraph(p))
		}
		b.WriteString("</w:tc>")
	}
	return "<w:tr>" + b.String() + "</w:tr>"
}

func TestTablesInWordFiles(t *testing.T) {
	const long = "会议听取了汇报，分析了形势。"
	for name, c := range map[string]struct{ body, want string }{
		"a line for each row": {
			paragraph("任务分工") + "<w:tbl>" + tableRow("序号", "任务", "责任单位", "时限") + tableRow("1", "查清底数", "市民政局|市财政局", "6月底前") +
				tableRow("2", "按月通报", "", "长期") + "</w:tbl>" + paragraph("会议结束。"),
			"任务分工\n序号\t任务\t责任单位\t时限\n1\t查清底数\t市民政局 市财政局\t6月底前\n2\t按月通报\t\t长期\n会议结束。\n"},
		"a text laid out in a table": {
			"<w:tbl>" + tableRow("会议内容", "第一段。|第二段。|第三段。|第四段。") + tableRow(strings.Repeat(long, 20)) + "</w:tbl>",
			"会议内容\n第一段。\n第二段。\n第三段。\n第四段。\n" + strings.Repeat(long, 20) + "\n"},
		"a table within a cell": {
			"<w:tbl><w:tr><w:tc>" + paragraph("附表") + "<w:tbl>" + tableRow("1", "查") + tableRow("2", "改") + "</w:tbl>" + paragraph("") + "</w:tc></w:tr></w:tbl>",
			"附表\n1\t查\n2\t改\n"},
		"a text box once": {
			`<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>` + paragraph("框里的字") + `</w:txbxContent></mc:Choice><mc:Fallback>` +
				paragraph("框里的字") + `</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>段落</w:t></w:r></w:p>`,
			"框里的字\n段落\n"},
		"cells that are never closed":  {"<w:tbl></w:tbl><w:tc></w:tc>" + paragraph("某市"), "某市\n"},
		"a line break within a cell":   {"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r></w:p></w:tc><w:tc>" + paragraph("丙") + "</w:tc></w:tr></w:tbl>", "甲 乙\t丙\n"},
		"words outside of a paragraph": {"<w:r><w:t>丢</w:t></w:r>" + paragraph("某市"), "某市\n"},
	} {
		file := word(t, "word/document.xml", `<w:document xmlns:w="w" xmlns:mc="mc"><w:body>`+c.body+`</w:body></w:document>`)
		d, err := document.Read(context.Background(), file, nil)
		if err != nil || d.Text != c.want {
			t.Errorf("%s: %v\n got %q\nwant %q", name, err, d.Text, c.want)
		}
	}
}

// A page in GB18030 as a news site serves it, with what stands around its text and a table of tasks in it.
func TestAPageInGB18030WithNavigationAndTable(t *testing.T) {
	page := `<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>全市防汛会议召开_某市政府网</title></head><body>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/a">政务公开</a></li><li><a href="/b">互动交流</a></li></ul></div>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; 要闻</div><h1>全市防汛会议召开</h1><div class="info">发布时间：2024-06-03　来源：某市日报</div>
<div class="article"><p>　　6月2日，全市防汛会议在市政府召开，市长王建军出席会议并讲话，各县区负责同志参加会议，会议通报了前期工作情况和雨情水情。</p>` +
		strings.Repeat("<p>　　会议通报了全市水库、河道、城市内涝点的排查情况，各县区负责同志作了发言，大家围绕预警、转移、抢险进行了讨论。</p>", 4) +
		`<p>　　王建军强调，一要压实责任；二要转移到位。</p>
<table><tr><td>序号</td><td>任务</td><td>责任单位</td><td>完成时限</td></tr><tr><td>1</td><td>排查水库隐患</td><td>市水利局</td><td>6月10日前</td></tr>
<tr><td>2</td><td>清理排水管网</td><td>市住建局</td><td>6月15日前</td></tr></table></div>
<div class="related"><a href="/1">上一篇：某地新闻</a><a href="/2">下一篇：某地新闻</a></div><div class="footer">版权所有 某市政府办公室 网站地图</div></body></html>`
	d, err := document.Read(context.Background(), encode(t, page, simplifiedchinese.GB18030.NewEncoder().String), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"全市防汛会议召开\n发布时间：2024-06-03 来源：某市日报\n", "王建军强调，一要压实责任；二要转移到位。", "1\t排查水库隐患\t市水利局\t6月10日前\n"} {
		if !strings.Contains(d.Text, want) {
			t.Errorf("%q is missing in\n%s", want, d.Text)
		}
	}
	for _, alien := range []string{"政务公开", "上一篇", "版权", "当前位置"} {
		if strings.Contains(d.Text, alien) {
			t.Errorf("%q is no part of the report:\n%s", alien, d.Text)
		}
	}
}

// Pages without h1: the heading is what the name of the page begins with; offices say day and title in meta elements.
func TestHeadingsOfPagesWithoutH1(t *testing.T) {
	text := strings.Repeat("<p>6月2日，全市防汛工作会议在市政府召开，市长王建军出席会议并讲话，各县区负责同志参加会议，会议通报了情况。</p>", 6)
	for name, c := range map[string]struct{ page, want, day string }{
		"h2": {`<html><head><title>全市防汛工作会议召开_某市人民政府</title><meta name="PubDate" content="2024-06-03 09:00"></head><body>` +
			`<div class="crumb">首页 &gt; 要闻</div><h2>全市防汛工作会议召开</h2><div>2024-06-03 来源：某市日报</div><div class="article">` + text + `</div></body></html>`,
			"全市防汛工作会议召开\n2024-06-03 来源：某市日报\n", "2024-06-03"},
		"a cell": {`<html><head><title>全市防汛工作会议召开 - 某市门户网站</title></head><body><table><tr><td><strong>全市防汛工作会议召开</strong></td></tr>` +
			`<tr><td>发布日期：2024-06-03 来源：某市日报</td></tr><tr><td>` + text + `</td></tr></table></body></html>`,
			"全市防汛工作会议召开\n发布日期：2024-06-03 来源：某市日报\n", ""},
		"only the name": {`<html><head><title>全市防汛工作会议召开_某市人民政府</title></head><body><div>` + text + `</div></body></html>`, "全市防汛工作会议召开\n", ""},
		"meta":          {`<html><head><title>某市人民政府</title><meta name="ArticleTitle" content="全市防汛工作会议召开"></head><body><div>` + text + `</div></body></html>`, "全市防汛工作会议召开\n", ""},
	} {
		d, err := document.Read(context.Background(), []byte(c.page), nil)
		if err != nil || !strings.HasPrefix(d.Text, c.want) || strings.Count(d.Text, "防汛工作会议召开\n") != 1 {
			t.Errorf("%s: %v %.200q", name, err, d.Text)
		}
		if c.day != "" && d.Published.Format(time.DateOnly) != c.day {
			t.Errorf("%s: published %v", name, d.Published)
		}
	}
}
