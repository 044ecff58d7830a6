package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// The control at an address of its own is told, is there, and is nowhere else.
func TestControlAtAnAddressOfItsOwn(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s := serve(t, "MOCKOAUTH_CONTROL_ADDR=127.0.0.1:0", "MOCKOAUTH_CONTROL_TOKEN=s3cret")
	var b banner
	g.Expect(json.NewDecoder(strings.NewReader(s.out.String())).Decode(&b)).To(Succeed())
	status := func(address string) int {
		r, err := http.NewRequest(http.MethodGet, address, nil)
		g.Expect(err).NotTo(HaveOccurred())
		r.Header.Set("Authorization", "Bearer s3cret")
		response, err := http.DefaultClient.Do(r)
		g.Expect(err).NotTo(HaveOccurred())
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		return response.StatusCode
	}
	g.Expect(b.Control).To(HaveSuffix("/_mock"))
	g.Expect(status(b.Control + "/clock")).To(Equal(http.StatusOK))
	g.Expect(status(strings.TrimSuffix(b.Control, "/_mock") + "/jwks")).To(Equal(http.StatusNotFound))
	g.Expect(status(s.url + "/_mock/clock")).To(Equal(http.StatusNotFound))
	g.Expect(status(s.url + "/jwks")).To(Equal(http.StatusOK))
}
