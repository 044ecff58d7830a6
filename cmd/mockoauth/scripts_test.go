package main

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// The folder in which .ci/scripts has installed what the scripts need; when it is set,
// they are run, or fail.
const scriptsVariable = "MOCKOAUTH_TEST_SCRIPTS"

// scriptsAtMost is for how long each may run: one that waits in vain ends.
const scriptsAtMost = 2 * time.Minute

// Suites in other languages use the control as their communities would: a tenant for
// each test, many at once, with the client libraries that they log in with.
func TestScripts(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]struct {
		folder string // in testdata
		needs  string // of those installed
		run    func(installed string) []string
		meant  []string // the rules that it breaks on purpose
	}{
		"Node": {"node", "node/node_modules/openid-client", func(string) []string {
			return []string{"node", "--test"}
		}, []string{"RL-62", "RL-131"}}, // it asks by password again and again, to look at the provider
		"Python": {"python", "venv/bin/pytest", func(installed string) []string {
			return []string{filepath.Join(installed, "venv/bin/python"), "-m", "pytest", "-q", "-n", "4", "-p", "no:cacheprovider"}
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			installed := os.Getenv(scriptsVariable)
			if installed == "" {
				t.Skip("the scripts want Node, Python and some packages: .ci/scripts installs them and runs this")
			}
			g.Expect(filepath.Join(installed, script.needs)).To(BeAnExistingFile(), "run .ci/scripts")
			idp := serve(t)
			ctx, cancel := context.WithTimeout(t.Context(), scriptsAtMost)
			defer cancel()
			line := script.run(installed)
			command := exec.CommandContext(ctx, line[0], line[1:]...)
			command.WaitDelay = time.Second // for what it has started in its turn
			command.Dir = copied(t, filepath.Join("testdata", script.folder))
			if modules := filepath.Join(installed, "node/node_modules"); script.folder == "node" {
				g.Expect(os.Symlink(modules, filepath.Join(command.Dir, "node_modules"))).To(Succeed())
			}
			command.Env = append(os.Environ(), "MOCKOAUTH_URL="+idp.url, "PYTHONDONTWRITEBYTECODE=1")
			out, err := command.CombinedOutput()
			g.Expect(err).NotTo(HaveOccurred(), "%s", out)
			g.Expect(string(out)).To(MatchRegexp(`(?m)^# pass [1-9]|^[1-9]\d* passed`), "no test was run")
			response, err := http.Get(idp.url + "/_mock/tenants")
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(response).To(HaveHTTPBody(MatchJSON("[]")), "each test deletes its tenant")
			g.Expect(idp.errors(script.meant...)).To(BeEmpty(), "the scripts show what the lint calls an error")
		})
	}
}

// copied is a copy of a folder, that what runs there may write into.
func copied(t *testing.T, folder string) string {
	t.Helper()
	to := t.TempDir()
	NewWithT(t).Expect(os.CopyFS(to, os.DirFS(folder))).To(Succeed())
	return to
}
