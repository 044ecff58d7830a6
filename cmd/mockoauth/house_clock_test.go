package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// byRealTime lists the uses of the time package's clock outside provider/clock, each with why the provider's does not
// serve. One line is for one use.
func byRealTime() map[string]string {
	return map[string]string{
		"provider/hallway.go: time.Now":          "a request's duration in the log is what the machine took",
		"provider/hallway.go: time.Since":        "the same duration",
		"provider/control_requests.go: time.Now": "a connection's deadline is of the operating system's clock",
		"provider/tls.go: time.Now":              "TLS clients judge certificates by their own clocks",
	}
}

// Protocol time comes from the provider's clock: nothing else asks what time it is, or waits for it.
func TestOnlyTheClockTellsTheTime(t *testing.T) {
	t.Parallel()
	excused := byRealTime()
	for _, s := range sources(t) {
		if s.room == "provider/clock" || s.room == "cmd/mockoauth" || strings.HasPrefix(s.room, "testsuite") {
			continue
		}
		for _, use := range s.realTime() {
			if _, ok := excused[use]; !ok {
				t.Errorf("%s; ask the provider's clock", use)
			}
			delete(excused, use)
		}
	}
	for use := range excused {
		t.Errorf("%s is excused but no more there", use)
	}
}

// realTime lists the uses of the time package's clock, under whatever name the package is imported.
func (s source) realTime() (uses []string) {
	name := ""
	for _, spec := range s.file.Imports {
		if spec.Path.Value != `"time"` {
			continue
		}
		name = "time"
		if spec.Name != nil {
			name = spec.Name.Name
		}
	}
	if name == "." {
		return []string{s.path + ": imports time without its name"}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		call, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		of, ok := call.X.(*ast.Ident)
		asks := []string{"Now", "Since", "Until", "After", "AfterFunc", "NewTimer", "NewTicker", "Sleep", "Tick"}
		if ok && name != "" && of.Name == name && slices.Contains(asks, call.Sel.Name) {
			uses = append(uses, s.path+": time."+call.Sel.Name)
		}
		return true
	})
	return uses
}

func TestRealTimeIsFoundUnderAnyName(t *testing.T) {
	t.Parallel()
	for code, want := range map[string][]string{
		`import "time"; var now = time.Now`:                                 {"x.go: time.Now"},
		`import clock "time"; func f() { clock.Sleep(1); <-clock.Tick(1) }`: {"x.go: time.Sleep", "x.go: time.Tick"},
		`import . "time"; var now = Now()`:                                  {"x.go: imports time without its name"},
		`import "time"; var hour = time.Hour`:                               nil,
		`import "provider/time"; var now = time.Now()`:                      nil,
	} {
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, "x.go", "package x; "+code, 0)
		if err != nil {
			t.Fatal(err)
		}
		if uses := (source{"x.go", "x", file, set}).realTime(); !slices.Equal(uses, want) {
			t.Errorf("%s: %q were found, not %q", code, uses, want)
		}
	}
}
