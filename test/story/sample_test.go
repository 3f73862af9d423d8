package story_test

import (
	"testing"

	"luoshi/internal/media"
	"luoshi/test/story"
)

func TestSamplesAreWhatTheirNamesSay(t *testing.T) {
	for name, kind := range map[string]string{"现场.jpg": "image", "a.png": "image", "签名.pdf": "pdf", "经过.txt": "document"} {
		content, err := story.Sample(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := media.Look(content); err != nil || got.Kind != kind {
			t.Errorf("%s looks like %+v (%v)", name, got, err)
		}
	}
	if _, err := story.Sample("a.exe"); err == nil {
		t.Error("there is a sample of a program")
	}
}
