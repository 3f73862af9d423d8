package demo

import (
	"fmt"

	"luoshi/internal/office"
)

// Kinds of units, as the procedures name them.
const (
	kindProvince      = "province"
	kindCity          = "city"
	kindCounty        = "county"
	kindTownship      = "township"
	kindJusticeOffice = "justice-office"
	kindJusticeBureau = "justice-bureau"
	kindPetition      = "petition-bureau"
	kindHotline       = "hotline-centre"
	kindDepartment    = "department"
	kindArbitration   = "arbitration-commission"
	kindInspection    = "labour-inspection"
	kindLabourTalks   = "labour-mediation"
	kindMarket        = "market-regulation"
	kindLegalAid      = "legal-aid-centre"
	kindCourt         = "court"
	kindCourtTalks    = "court-mediation"
	kindCivilAffairs  = "civil-affairs"
	kindEmergency     = "emergency-management"
	kindReview        = "reconsideration-body"
	kindPolice        = "police"
	kindPersonnel     = "personnel-office"
	kindPolitical     = "political-legal-commission"
	kindDiscipline    = "discipline-inspection"
)

// provinceCode is unused in GB/T 2260, so that no code of the demo is that of a real place.
const provinceCode = "97"

// agency is an office below a place: its code is the place's code, a hyphen and the suffix.
type agency struct {
	suffix, kind, zh, en string
}

// townshipAgencies and the lists after it are the offices below a place of each level.
func townshipAgencies() []agency {
	return []agency{{"justice", kindJusticeOffice, "司法所", "Justice Office"}}
}

func countyAgencies() []agency {
	return []agency{
		{"justice", kindJusticeBureau, "司法局", "Justice Bureau"},
		{"petition", kindPetition, "信访局", "Petition Bureau"},
		{"urban", kindDepartment, "城市管理局", "Urban Management Bureau"},
		{"housing", kindDepartment, "住房和城乡建设局", "Housing and Construction Bureau"},
		{"human", kindDepartment, "人力资源和社会保障局", "Human Resources and Social Security Bureau"},
		{"market", kindDepartment, "市场监督管理局", "Market Regulation Bureau"},
	}
}

func cityAgencies() []agency {
	return append(countyAgencies(),
		agency{"transport", kindDepartment, "交通运输局", "Transport Bureau"},
		agency{"hotline", kindHotline, "12345热线中心", "12345 Hotline Centre"},
		agency{"arbitration", kindArbitration, "劳动人事争议仲裁委员会", "Labour Arbitration Commission"},
		agency{"inspection", kindInspection, "劳动保障监察支队", "Labour Inspection"},
		agency{"labour", kindLabourTalks, "劳动争议调解中心", "Labour Mediation Centre"},
		agency{"consumer", kindMarket, "12315消费投诉举报中心", "12315 Consumer Centre"},
		agency{"legal-aid", kindLegalAid, "法律援助中心", "Legal Aid Centre"},
		agency{"court", kindCourt, "人民法院", "Court"},
		agency{"civil", kindCivilAffairs, "民政局", "Civil Affairs Bureau"},
		agency{"emergency", kindEmergency, "应急管理局", "Emergency Management Bureau"},
		agency{"review", kindReview, "行政复议局", "Administrative Review Office"},
		agency{"police", kindPolice, "公安局", "Police"},
		agency{"personnel", kindPersonnel, "人事处", "Personnel Office"})
}

// partyBodies stand in trees of their own, above which there is nobody.
func partyBodies() []agency {
	return []agency{
		{"political", kindPolitical, "委政法委", "Political and Legal Affairs Commission"},
		{"discipline", kindDiscipline, "纪委监委", "Discipline Inspection Commission"},
	}
}

func provinceAgencies() []agency {
	return []agency{
		{"justice", kindJusticeBureau, "司法厅", "Department of Justice"},
		{"petition", kindPetition, "信访局", "Petition Bureau"},
		{"housing", kindDepartment, "住房和城乡建设厅", "Department of Housing and Construction"},
		{"human", kindDepartment, "人力资源和社会保障厅", "Department of Human Resources and Social Security"},
		{"market", kindDepartment, "市场监督管理局", "Market Regulation Bureau"},
		{"transport", kindDepartment, "交通运输厅", "Department of Transport"},
	}
}

// place is a name in both languages, without the word for its level in zh.
type place struct{ zh, en string }

// Units are the units of the fictional province Lanchuan: four cities, each with four counties, each with
// five townships, and the offices of all of them. Codes and names are the same at every call.
func Units() []office.Unit {
	b := &builder{}
	b.add(provinceCode, "", kindProvince, "岚川省", "Lanchuan Province")
	b.agencies(provinceCode, place{"岚川省", "Lanchuan"}, provinceAgencies())
	for i, c := range cities() {
		b.city(fmt.Sprintf("%s%02d", provinceCode, i+1), c)
	}
	for _, a := range partyBodies() {
		b.add(provinceCode+"-"+a.suffix, "", a.kind, "岚川省"+a.zh, "Lanchuan "+a.en)
	}
	return b.units
}

type builder struct {
	units     []office.Unit
	townships int // named so far
}

func (b *builder) add(code, parent, kind, zh, en string) {
	b.units = append(b.units, office.Unit{Code: code, Parent: parent, Kind: kind, Name: map[string]string{"zh": zh, "en": en}})
}

func (b *builder) agencies(code string, at place, list []agency) {
	for _, a := range list {
		b.add(code+"-"+a.suffix, code, a.kind, at.zh+a.zh, at.en+" "+a.en)
	}
}

func (b *builder) city(code string, c city) {
	b.add(code, provinceCode, kindCity, c.zh+"市", c.en+" City")
	at := place{c.zh + "市", c.en}
	b.agencies(code, at, cityAgencies())
	b.agencies(code+"-court", at, []agency{{"talks", kindCourtTalks, "诉前调解中心", "Court Mediation Centre"}})
	for i, county := range c.counties {
		b.county(fmt.Sprintf("%s%02d", code, i+1), code, county)
	}
}

func (b *builder) county(code, parent string, c place) {
	level := " County"
	if []rune(c.zh)[len([]rune(c.zh))-1] == '区' {
		level = " District"
	}
	b.add(code, parent, kindCounty, c.zh, c.en+level)
	b.agencies(code, c, countyAgencies())
	for i := range 5 {
		t := townshipName(b.townships)
		b.townships++
		b.add(fmt.Sprintf("%s%03d", code, i+1), code, kindTownship, t.zh, t.en)
		b.agencies(fmt.Sprintf("%s%03d", code, i+1), t, townshipAgencies())
	}
}

type city struct {
	place
	counties []place
}

// cities are made-up names; districts and counties bear the word for their level in zh.
func cities() []city {
	return []city{
		{place{"望溪", "Wangxi"}, []place{{"临溪区", "Linxi"}, {"上澄区", "Shangcheng"}, {"梅渡县", "Meidu"}, {"竹岙县", "Zhu'ao"}}},
		{place{"枫泽", "Fengze"}, []place{{"枫桐区", "Fengtong"}, {"泽畔区", "Zepan"}, {"石桅县", "Shiwei"}, {"柳堰县", "Liuyan"}}},
		{place{"鹤汀", "Heting"}, []place{{"汀南区", "Tingnan"}, {"汀北区", "Tingbei"}, {"鹭洲县", "Luzhou Isle"}, {"苇荡县", "Weidang"}}},
		{place{"松麓", "Songlu"}, []place{{"松前区", "Songqian"}, {"麓东区", "Ludong"}, {"云枢县", "Yunshu"}, {"雾谷县", "Wugu"}}},
	}
}

// townshipName gives the n-th name; n up to 80 gives no name twice.
func townshipName(n int) place {
	stems := []place{
		{"青杉", "Qingshan"}, {"白桥", "Baiqiao"}, {"南坞", "Nanwu"}, {"东篱", "Dongli"}, {"石磨", "Shimo"},
		{"双井", "Shuangjing"}, {"杏园", "Xingyuan"}, {"稻香", "Daoxiang"}, {"长堤", "Changdi"}, {"半坡塘", "Banpotang"},
		{"雁落", "Yanluo"}, {"鹿鸣", "Luming"}, {"枣岭", "Zaoling"}, {"茶垄", "Chalong"}, {"月湾", "Yuewan"},
		{"风车", "Fengche"}, {"渔梁", "Yuliang"}, {"沙渚", "Shazhu"}, {"松炉", "Songlu Kiln"}, {"瓦窑", "Wayao"},
		{"云台", "Yuntai"}, {"桑柘", "Sangzhe"}, {"柿坪", "Shiping"}, {"芦埠", "Lubu"}, {"槐荫里", "Huaiyinli"},
		{"磐石", "Panshi"}, {"泉眼", "Quanyan"},
	}
	levels := []place{{"镇", " Town"}, {"乡", " Township"}, {"街道", " Subdistrict"}}
	s, l := stems[n%len(stems)], levels[n/len(stems)%len(levels)]
	return place{s.zh + l.zh, s.en + l.en}
}
