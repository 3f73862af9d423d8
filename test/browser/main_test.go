package browser

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	code := m.Run()
	running.end()
	os.Exit(code)
}
