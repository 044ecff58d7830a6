package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/testsuite/report"
	"github.com/mockoauth/mockoauth/testsuite/runner"
)

// progress shows how a run comes along: on a terminal a line that changes, else
// a line now and then. What fails is told at once in both.
type progress struct {
	out      io.Writer
	terminal bool
	verbose  bool // tell everything that ends
	began    time.Time
	shown    time.Time // when the changing line was last written
	length   int       // of the changing line, in runes
}

// The steps of a display.
const (
	redrawn = 50 * time.Millisecond // the changing line, at most
	every   = 100                   // checks between two plain lines
)

// isTerminal tells whether somebody looks at an output as it comes.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

// watch is told of every beginning and end.
func (p *progress) watch(now runner.Progress) {
	if r := now.Result; r != nil && (p.verbose || isBad(r.State)) {
		p.clear()
		fmt.Fprintf(p.out, "%-10s %s\n", r.State, r.Name())
	}
	switch {
	case p.terminal && (now.Done == now.Total || time.Since(p.shown) >= redrawn):
		p.redraw(now)
	case !p.terminal && now.Result != nil && now.Done%every == 0 && now.Done < now.Total:
		fmt.Fprintf(p.out, "%d of %d\n", now.Done, now.Total)
	}
}

// isBad tells what is worth a line as it comes. What cannot be tested is told
// later, in one place: there is much of it where one thing is missing.
func isBad(s report.State) bool {
	return s == report.Fail || s == report.Error || s == report.Warn
}

// redraw writes the changing line anew.
func (p *progress) redraw(now runner.Progress) {
	p.clear()
	if now.Done == now.Total {
		return
	}
	p.shown = time.Now()
	line := fmt.Sprintf("%d of %d", now.Done, now.Total)
	if left := timeLeft(p.shown.Sub(p.began), now.Done, now.Total); left != "" {
		line += ", " + left + " left"
	}
	if len(now.Running) > 0 {
		line += ": " + now.Running[0]
	}
	const width = 79
	if runes := []rune(line); len(runes) > width {
		line = string(runes[:width-1]) + "…"
	}
	p.length = len([]rune(line))
	fmt.Fprint(p.out, line)
}

// clear takes the changing line away.
func (p *progress) clear() {
	if p.length > 0 {
		fmt.Fprint(p.out, "\r"+strings.Repeat(" ", p.length)+"\r")
		p.length = 0
	}
}

// timeLeft is how long the rest will take if it goes on as it went; empty until
// that can be said.
func timeLeft(took time.Duration, done, total int) string {
	const enough = 10
	if done < enough {
		return ""
	}
	left := took / time.Duration(done) * time.Duration(total-done)
	return max(left, time.Second).Round(time.Second).String()
}
