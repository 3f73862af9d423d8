package directive

import "testing"

func TestNoCellIsAFormula(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+86": "'+86", "-2": "'-2", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "＝1": "'＝1",
		"": "", "排查": "排查", "a=b": "a=b", "12": "12",
	} {
		if got := harmless(in); got != want {
			t.Errorf("%q becomes %q", in, got)
		}
	}
}
