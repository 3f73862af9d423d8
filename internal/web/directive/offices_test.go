package directive

import (
	"testing"

	"luoshi/internal/office"
	"luoshi/internal/report/orders"
)

func TestMatched(t *testing.T) {
	unit := func(code, kind, name string) office.Unit {
		return office.Unit{Code: code, Kind: kind, Name: map[string]string{"zh": name, "en": code}}
	}
	units := []office.Unit{unit("1", "city", "平安市"), unit("2", "county", "和顺县"), unit("3", "township", "青石镇"), unit("4", "department", "省应急管理厅")}
	for said, want := range map[string]string{"各市": orders.Each + "city", "各县（市、区）": orders.Each + "county", "各区": orders.Each + "county",
		"各乡镇": orders.Each + "township", "各镇": orders.Each + "township", "各街道": orders.Each + "township",
		"青石镇": "3", "应急管理厅": "4", "各处": "", "教育厅": ""} {
		if got := matched(units, said); got != want {
			t.Errorf("%s: %q, want %q", said, got, want)
		}
	}
	it := &orders.Item{}
	it.Unit = "3"
	for _, code := range []string{"3", "", orders.Each + "city", "4", "4"} {
		help(it, code)
	}
	if len(it.Helpers) != 1 || it.Helpers[0] != "4" {
		t.Errorf("helpers %q", it.Helpers)
	}
}
