package target_test

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/target"
)

// read is a response's body.
func read(r *http.Response) string {
	body, _ := io.ReadAll(r.Body)
	return string(body)
}

// The target's client trusts what it is told to trust.
func TestTargetTrusts(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	authority := write(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	for name, c := range map[string]struct {
		settings target.Settings
		trusts   bool
	}{
		"the system":           {target.Settings{}, false},
		"a certificate of its": {target.Settings{CAFile: authority}, true},
		"whatever comes":       {target.Settings{Insecure: true}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			c.settings.Issuer = server.URL
			aim, err := c.settings.Target()
			g.Expect(err).NotTo(HaveOccurred())
			response, err := aim.HTTP.Get(server.URL)
			g.Expect(err == nil).To(Equal(c.trusts), "%v", err)
			if err == nil {
				response.Body.Close()
			}
		})
	}
	_, err := target.Settings{Issuer: server.URL, CAFile: write(t, "empty.pem", "none")}.Target()
	NewWithT(t).Expect(err).To(MatchError(MatchRegexp(`^ca_file: the file ".*empty.pem" has no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----$`)))
}

// The target's client follows no redirect, gives up in time, and keeps its connections.
func TestTargetConnects(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	arrived := make(chan string, 100)
	quiet := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- r.RemoteAddr
		if r.URL.Path == "/hang" {
			<-quiet
		}
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(quiet) })
	aim, err := target.Settings{Issuer: server.URL, Timeout: 300 * time.Millisecond}.Target()
	g.Expect(err).NotTo(HaveOccurred())
	patient, err := target.Settings{Issuer: server.URL}.Target()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(patient.HTTP.Timeout).To(Equal(10*time.Second), "nobody waits for ever")
	for range 3 {
		response, err := aim.HTTP.Get(server.URL)
		g.Expect(err).NotTo(HaveOccurred())
		_ = read(response)
		response.Body.Close()
		g.Expect(response.StatusCode).To(Equal(http.StatusFound))
	}
	g.Expect(arrived).To(HaveLen(3))
	first := <-arrived
	g.Expect([]string{<-arrived, <-arrived}).To(Equal([]string{first, first}), "one connection serves one after the other")
	_, err = aim.HTTP.Get(server.URL + "/hang")
	g.Expect(err).To(MatchError(ContainSubstring("Client.Timeout exceeded")))
}
