package ui_test

import (
	"net/http"
	"testing"
)

// BenchmarkPage renders each page once it is parsed.
func BenchmarkPage(b *testing.B) {
	for _, page := range everyPage("Web application") {
		b.Run(page.name, func(b *testing.B) {
			w := &discard{http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				if err := page.write(w); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
