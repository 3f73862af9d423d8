package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const threeUnits = "\ufefflevel,code,name,parent,name_en\nprovince,14,某省,,Some Province\ncity,1401,某市,14,\ncounty,140105,某区,1401,\n"

func TestImportedUnitsAreListedAsATree(t *testing.T) {
	db := "sqlite:" + filepath.Join(t.TempDir(), "luoshi.db")
	code, out, errs := callWith(threeUnits, "unit", "import", "--db", db, "--json", "-")
	var n imported
	if err := json.Unmarshal([]byte(out), &n); code != exitDone || err != nil || n != (imported{3, 3, 0}) {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	again := strings.Replace(threeUnits, "某区", "另一区", 1) + "township,140105001,某镇,140105,\n"
	if code, out, errs = callWith(again, "unit", "import", "--db", db, "--json", "-"); json.Unmarshal([]byte(out), &n) != nil || n != (imported{4, 1, 1}) {
		t.Errorf("again: exit %d\n%s%s", code, out, errs)
	}
	_, out, _ = call("unit", "list", "--db", db)
	if words := strings.Fields(out); !strings.Contains(out, "\n      140105001 ") || strings.Join(words[6:], " ") != "140105 county 另一区 140105001 township 某镇" {
		t.Errorf("list:\n%s", out)
	}
	_, out, _ = call("unit", "list", "--db", db, "--json")
	var list struct{ Items []listedUnit }
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list.Items) != 4 || list.Items[0].Name["en"] != "Some Province" {
		t.Errorf("list --json: %v\n%s", err, out)
	}
}

func TestUnitsHaveNamesInTheLanguagesOfTheirCountry(t *testing.T) {
	db := "sqlite:" + filepath.Join(t.TempDir(), "luoshi.db")
	const file = "code,level,parent,name_fr,name_en\nparis,city,,Ville de Paris,\nparis-7,township,paris,,Seventh District\n"
	if code, out, errs := callWith(file, "unit", "import", "--db", db, "-"); code != exitDone || !strings.Contains(out, "2 offices added") {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	if _, out, _ := call("unit", "list", "--db", db); !strings.Contains(out, "Ville de Paris") || !strings.Contains(out, "Seventh District") {
		t.Errorf("list:\n%s", out)
	}
	const english = "code,level,parent,name_en\nparis,city,,City of Paris\n"
	if _, out, errs := callWith(english, "unit", "import", "--db", db, "-"); !strings.Contains(out, "1 changed") {
		t.Errorf("%s%s", out, errs)
	}
	if _, out, _ := call("unit", "list", "--db", db, "--json"); !strings.Contains(out, `"name":{"en":"City of Paris","fr":"Ville de Paris"}`) {
		t.Errorf("the name in the other language is gone: %s", out)
	}
}

func TestAFaultyUnitFileIsRefusedWhole(t *testing.T) {
	for _, c := range []struct{ name, csv, want string }{
		{"nothing", "", "must name the columns"},
		{"a column is missing", "code,name,parent\n1,a,\n", `no column "level"`},
		{"no column has names", "code,level,parent\n1,a,\n", "no column with names"},
		{"two columns have names in Chinese", "code,level,parent,name,name_zh\n1,a,,a,a\n", "leave one out"},
		{"an unknown parent", threeUnits + "county,7,a,9,\n", "unknown parent 9"},
		{"a code twice", threeUnits + "county,14,a,,\n", "used twice"},
		{"an empty name", threeUnits + "county,7,,14,\n", "line 5: code, level and name"},
		{"a row with too few columns", threeUnits + "county,7\n", "wrong number of fields"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := "sqlite:" + filepath.Join(t.TempDir(), "luoshi.db")
			code, out, errs := callWith(c.csv, "unit", "import", "--db", db, "-")
			if code != exitMisuse || out != "" || !strings.Contains(errs, c.want) {
				t.Errorf("exit %d\n%s%s\nwant %q", code, out, errs, c.want)
			}
			if _, out, _ := call("unit", "list", "--db", db); out != "" {
				t.Errorf("something was written:\n%s", out)
			}
		})
	}
	if code, _, errs := call("unit", "move"); code != exitMisuse || !strings.Contains(errs, "say import or list") {
		t.Errorf("exit %d %s", code, errs)
	}
}

func TestARealDivisionImportsWhole(t *testing.T) {
	file, err := filepath.Abs("../../../shared/divisions/shanxi-14.csv")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Skip("../shared absent")
	}
	db := "sqlite:" + filepath.Join(t.TempDir(), "luoshi.db")
	code, out, errs := call("unit", "import", "--db", db, file)
	if code != exitDone || !strings.HasPrefix(out, "1485 rows: 1485 offices added") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
}
