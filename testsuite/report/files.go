package report

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
)

// WriteFiles writes results.json, junit.xml, report.html and summary.md into a
// directory, which it makes when it is missing. Each file is there whole or as it
// was before, so that nobody reads a part of one. Call [Result.Mask] before.
func (r *Report) WriteFiles(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, file := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"results.json", r.WriteJSON}, {"junit.xml", r.WriteJUnit}, {"report.html", r.WriteHTML}, {"summary.md", r.WriteMarkdown},
	} {
		var content bytes.Buffer
		if err := file.write(&content); err != nil {
			return err
		}
		if err := replace(filepath.Join(dir, file.name), content.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// replace puts a whole file in the place of what may be there.
func replace(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already when all went well
	_, err = f.Write(content)
	if err == nil {
		err = f.Chmod(0o644) // others read it: a CI system that collects it
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
