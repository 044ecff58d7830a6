package ui

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"

	. "github.com/onsi/gomega"
)

// A provider that never shows a page must not pay for one at its start.
func TestNothingIsParsedAtTheStart(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	self, err := os.Executable()
	g.Expect(err).NotTo(HaveOccurred())
	start := exec.Command(self, "-test.run=^$")
	start.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	trace, err := start.CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(trace)).To(ContainSubstring("init runtime "), "there is no trace to read")
	line := regexp.MustCompile(`init \S+/provider/ui @.* (\d+) bytes, (\d+) allocs`).FindSubmatch(trace)
	if line == nil {
		return // nothing to do is not worth a line
	}
	allocated, err := strconv.Atoi(string(line[1]))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(allocated).To(BeNumerically("<", 1024))
}

// BenchmarkFirstPage is what the first page costs on top: parsing all of them.
func BenchmarkFirstPage(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		load().pages.Write(&bytes.Buffer{}, "login", view{"", "", "", Login{}})
	}
}
