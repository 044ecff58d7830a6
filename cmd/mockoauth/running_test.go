package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	. "github.com/onsi/gomega"
)

// result is what a finished command left behind.
type result struct {
	code      int
	out, errs string
}

func runs(t *testing.T, environ []string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(context.Background(), args, environ, &out, &errs)
	return result{code, out.String(), errs.String()}
}

// stream is an output that can be read while it is written to.
type stream struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *stream) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *stream) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// serving is a mockoauth that runs until the test ends.
type serving struct {
	url       string
	out, errs *stream
	stop      func() int
}

// serve starts one at a port of its own, and waits until it says that it is ready.
func serve(t *testing.T, environ ...string) serving {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	s := serving{out: &stream{}, errs: &stream{}}
	ended := make(chan int, 1)
	go func() {
		code := run(ctx, nil, append(environ, "MOCKOAUTH_ADDR=127.0.0.1:0", "MOCKOAUTH_LOG_FORMAT=json"), io.MultiWriter(s.out, writer), s.errs)
		_ = writer.Close()
		ended <- code
	}()
	var b banner
	NewWithT(t).Expect(json.NewDecoder(reader).Decode(&b)).To(Succeed(), "no banner; on standard error: %s", s.errs)
	go func() { _, _ = io.Copy(io.Discard, reader) }() // or the end of the banner would wait for ever
	s.url = b.URL
	s.stop = sync.OnceValue(func() int { cancel(); return <-ended })
	t.Cleanup(func() { s.stop() })
	return s
}

// errors are the log's lines about findings of that severity, of tenants that are gone as
// well; those of rules that are broken on purpose are left out.
func (s serving) errors(meant ...string) (lines []string) {
	for line := range strings.Lines(s.errs.String()) {
		isMeant := slices.ContainsFunc(meant, func(rule string) bool { return strings.Contains(line, `"rule":"`+rule+`"`) })
		if strings.Contains(line, `"severity":"error"`) && !isMeant {
			lines = append(lines, line)
		}
	}
	return lines
}
