package lint_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/lint"
	"github.com/mockoauth/mockoauth/provider/record"
)

// A finding is one for its rule and client, with the first evidence and the last.
func TestFindingsAreCounted(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	l, who := lint.NewLinter(config()), known()
	cookie := header("Cookie", "session=0123456789")
	for i, x := range (exchanges{token(cc, cookie), token(cc, cookie, at(minute)), post("token", cc, basic("basic", "basic-secret-1"), cookie)}) {
		x.ID = uint64(i + 1)
		g.Expect(l.Read(&x, who)).To(HaveLen([]int{1, 0, 1}[i]), "what is new")
	}
	found := l.Findings().Of("web")
	g.Expect(found).To(HaveLen(1))
	g.Expect(found[0].Count).To(Equal(2))
	g.Expect([]lint.Evidence{found[0].First, found[0].Last}).To(Equal([]lint.Evidence{{1, now(), "token"}, {2, now().Add(minute), "token"}}))
	l.Clear()
	g.Expect(l.Findings()).To(BeEmpty())
}

// No secret of the request is in a finding, wherever the client put it.
func TestFindingsAreMasked(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	for name, p := range proofs() {
		raw, err := json.Marshal(read(p.triggers).Findings())
		g.Expect(err).NotTo(HaveOccurred())
		for _, secret := range []string{"web-secret-0001", "p%41w+d", "basic-secret-1", "wonder+land", "wonder%2Bland", access, refresh, idToken, code, `"` + verifier + `"`} {
			g.Expect(string(raw)).NotTo(ContainSubstring(secret), name)
		}
	}
}

// What is remembered is forgotten by a reset, not by clearing the findings.
func TestReset(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	l, who := lint.NewLinter(config()), known()
	readAll := func(xs ...record.Exchange) {
		for i := range xs {
			l.Read(&xs[i], who)
		}
	}
	readAll(flow(code, ""), redeem(code, ""))
	l.Clear()
	readAll(redeem(code, ""))
	g.Expect(ids(l.Findings())).To(ContainElement("RL-96"))
	l.Reset()
	readAll(redeem(code, ""))
	g.Expect(ids(l.Findings())).NotTo(ContainElement("RL-96"))
}

// Whatever comes, a linter keeps so many findings and no more, and does not choke.
func TestBounds(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	l, who := lint.NewLinter(config()), known()
	for i := range 5000 {
		x := post("token", fmt.Sprintf("%s&client_id=nobody-%d&scope=", cc, i), by(fmt.Sprint("nobody-", i)), gives(fmt.Sprint("token-", i), fmt.Sprint("refresh-", i), "read"))
		l.Read(&x, who)
	}
	g.Expect(len(l.Findings().Select(lint.Filter{Severity: lint.Warn}))).To(BeNumerically("<=", 1000))
	far := token(cc, header("Cookie", "a=b"))
	far.At = time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)
	l.Read(&far, who)
	_, err := json.Marshal(l.Findings())
	g.Expect(err).NotTo(HaveOccurred())
}

// FuzzRead reads what no client should send.
func FuzzRead(f *testing.F) {
	f.Add("token", "grant_type=authorization_code&code=%zz&code_verifier==&&=", "Basic :", "?x=1")
	f.Add("resource", "access_token=", "Bearer", "")
	f.Add("authorization", "", "bearer\t", "?state=%7B&redirect_uri=%3A%2F%2F&code_challenge=x&code_challenge_method=S256&response_type=code")
	f.Add("end_session", "", "", "?post_logout_redirect_uri=x")
	f.Fuzz(func(t *testing.T, endpoint, body, authorization, query string) {
		l, who := lint.NewLinter(config()), known()
		for range 2 {
			x := sent(endpoint, "POST", "/"+query, header("Authorization", authorization), header("Referer", query), header("Content-Type", formType))
			x.Request.Body, x.Response.Body = []byte(body), []byte(body)
			l.Read(&x, who)
			x.Status, x.Error = 400, "invalid_grant"
			l.Read(&x, who)
		}
		if _, err := json.Marshal(l.Findings()); err != nil {
			t.Fatal(err)
		}
	})
}

// BenchmarkRead reads a token request of a client that does all well.
func BenchmarkRead(b *testing.B) {
	l, who := lint.NewLinter(config()), known()
	xs := make(exchanges, 64)
	for i := range xs {
		xs[i] = token(cc+"&scope=read", gives(fmt.Sprint("an-opaque-access-token-of-43-characters-", i), "", "read"))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		l.Read(&xs[i%len(xs)], who)
	}
}
