package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/mockoauth/mockoauth/provider"
)

// BenchmarkStart is what the program does between its first line and the first
// request, over and over: arguments, variables, fixtures, keys, port, banner.
func BenchmarkStart(b *testing.B) {
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	b.ReportAllocs()
	for b.Loop() {
		var out, errs bytes.Buffer
		if code := run(stopped, nil, []string{"MOCKOAUTH_ADDR=127.0.0.1:0"}, &out, &errs); code != exitOK {
			b.Fatal(errs.String())
		}
	}
}

// BenchmarkNew is the provider's own part of it.
func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := provider.New(); err != nil {
			b.Fatal(err)
		}
	}
}
