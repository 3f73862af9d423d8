package transfer

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// File is a backup that is being written. Nothing bears the final name before everything is on the disk.
type File struct {
	*os.File
	path string
}

// Create begins a file that only its owner may read, as PATH.partial. A file of the final name is refused
// unless it may be replaced.
func Create(path string, replace bool) (*File, error) {
	if at, err := os.Stat(path); err == nil && (!replace || !at.Mode().IsRegular()) {
		return nil, fmt.Errorf("%s is there already: name another file, or replace it with --force", path)
	}
	f, err := os.OpenFile(path+".partial", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	out := &File{f, path}
	if err := out.claim(); err != nil {
		f.Close()
		return nil, err
	}
	return out, nil
}

// claim sees to it that nobody else writes the same file: what a killed process left is begun anew, what a
// living one is writing is left alone.
func (f *File) claim() error {
	busy := fmt.Errorf("another backup is writing %s", f.Name())
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return busy
	}
	mine, err := f.Stat()
	if err != nil {
		return err
	}
	// Between opening and locking, the other may have finished and given the file its final name.
	if there, err := os.Stat(f.Name()); err != nil || !os.SameFile(mine, there) {
		return busy
	}
	return errors.Join(f.Truncate(0), f.Chmod(0o600))
}

// Keep gives the file its final name, once it is on the disk.
func (f *File) Keep() error {
	if err := f.Sync(); err != nil {
		return errors.Join(err, f.Drop())
	}
	if err := os.Rename(f.Name(), f.path); err != nil {
		return errors.Join(err, f.Drop())
	}
	if err := f.Close(); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(f.path))
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

// Drop removes what was written.
func (f *File) Drop() error {
	return errors.Join(os.Remove(f.Name()), f.Close())
}
