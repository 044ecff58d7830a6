package target_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/target"
)

// serve runs a provider to which only its address is known.
func serve(t *testing.T, options ...provider.Option) (*provider.Provider, *httptest.Server) {
	t.Helper()
	p, err := provider.New(options...)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	return p, server
}

// Each target is a tenant of its own, which lives as long as it is wanted.
func TestControlledTargets(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	p, server := serve(t, provider.WithControlToken("let me in"), provider.WithLogin("auto"), provider.WithAccessTokenFormat("opaque"))
	p.Clock().Advance(1000 * time.Hour)
	s := target.Settings{Issuer: server.URL + "/", ControlToken: "let me in", Features: []check.Feature{check.StepUp}, Exempt: []check.Feature{check.Refresh}, MaxWait: time.Second}
	targets, remove, err := s.Controlled(t.Context(), 3)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(targets).To(HaveLen(3))
	g.Expect(p.Tenants()).To(HaveLen(3))
	first, second := targets[0], targets[1]
	g.Expect(first.Issuer).NotTo(Equal(second.Issuer))
	g.Expect(first.Endpoints["resource"]).To(Equal(first.Issuer + "/api/verify"))
	g.Expect(first.Features).To(ContainElement(check.StepUp))
	g.Expect(first.Exempt).To(Equal([]check.Feature{check.Refresh}))
	g.Expect(first.WaitAtMost).To(Equal(time.Second))
	for _, role := range check.ClientRoles() {
		_, named := first.Clients[role]
		hasKey := role == check.Signer || role == check.OtherSigner || role == check.Exchanger // and mockoauth takes no assertions
		g.Expect(named).NotTo(Equal(hasKey), string(role))
	}
	for _, role := range check.UserRoles() {
		g.Expect(first.Users[role].Username).NotTo(BeEmpty(), string(role))
	}

	v := check.Must("XX-01", "asks for a password", "RFC 6749 §3.1", func(t *check.T) {
		t.Expect(t.Browse(t.AuthorizationURL(t.Client(check.Main), nil), check.User{Username: "alice", Password: "not hers"})).NotTo(check.BeGranted())
		t.Expect(t.Authorize(t.Client(check.Main), nil)).To(check.BeGranted())
	}).Verdict(t.Context(), first)
	g.Expect(v.State).To(Equal(check.Passed), "users log in by form, however they do at the first provider: %s", v.Reason)

	tenant := p.Tenant(strings.TrimPrefix(first.Issuer, server.URL+"/"))
	before := tenant.Clock().Now()
	first.Advance(90 * time.Minute)
	g.Expect(tenant.Clock().Now()).To(BeTemporally("~", before.Add(90*time.Minute), time.Minute))
	keys := len(tenant.Keys().Published())
	first.RotateKeys()
	g.Expect(len(tenant.Keys().Published())).To(BeNumerically(">", keys))
	mend := first.FailStore()
	g.Expect(tenant.Faults()).To(HaveLen(1))
	mend()
	g.Expect(tenant.Faults()).To(BeEmpty())
	u, leave := first.NewUser()
	g.Expect(tenant.UserNamed(u.Username)).NotTo(BeZero())
	leave()
	_, err = tenant.UserNamed(u.Username)
	g.Expect(err).To(HaveOccurred())
	g.Expect(p.Faults()).To(BeEmpty(), "the first provider is left alone")

	g.Expect(tenant.Fixtures().Clients[0].AccessToken.Format).To(Equal("jwt"), "whatever the first provider gives")
	expired, rotated := tenant.Fixtures().Clients[8], tenant.Fixtures().Clients[9]
	g.Expect(expired.SecretExpiresAt).To(BeTemporally("~", time.Now().Add(-time.Hour), time.Minute), "by the tenant's clock, not by the first provider's")
	g.Expect(rotated.PreviousSecrets[0].ExpiresAt).To(BeTemporally("~", time.Now().Add(time.Hour), time.Minute))

	remove()
	remove()
	g.Expect(p.Tenants()).To(BeEmpty())
	g.Expect(func() { first.Advance(time.Second) }).To(PanicWith(MatchError(ContainSubstring("tenant"))), "a check that goes on is in error")
}

// What is said of addresses below the issuer holds for each tenant.
func TestControlledEndpointsMove(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	_, server := serve(t, provider.WithPaths("verify", "/me"), provider.WithPaths("token", "/t"))
	endpoints := map[string]string{"resource": server.URL + "/me", "token": server.URL + "/t", "userinfo": "https://elsewhere.example/userinfo"}
	targets, remove, err := target.Settings{Issuer: server.URL, Endpoints: endpoints}.Controlled(t.Context(), 1)
	g.Expect(err).NotTo(HaveOccurred())
	defer remove()
	g.Expect(targets[0].Endpoints).To(Equal(map[string]string{"resource": targets[0].Issuer + "/me", "token": targets[0].Issuer + "/t"}))
}

// A control at an address of its own is found when it is told.
func TestControlledElsewhere(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	server, err := provider.Listen("127.0.0.1:0", provider.WithControlAddr("127.0.0.1:0"))
	g.Expect(err).NotTo(HaveOccurred())
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- server.Serve(ctx) }()
	s := target.Settings{Issuer: "http://" + server.Addr().String()}
	_, _, err = s.Controlled(t.Context(), 1)
	g.Expect(err).To(MatchError(ContainSubstring("CONTROL_URL")))
	for _, path := range []string{"", "/", "/_mock", "/_mock/"} {
		s.ControlURL = "http://" + server.ControlAddr().String() + path
		targets, remove, err := s.Controlled(t.Context(), 1)
		g.Expect(err).NotTo(HaveOccurred())
		metadata, err := targets[0].Metadata(t.Context())
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(metadata["issuer"]).To(Equal(targets[0].Issuer))
		targets[0].Advance(time.Second)
		remove()
	}
	stop()
	g.Expect(<-done).To(Succeed())
}

// An issuer with a path has its control below it.
func TestControlledBelowPath(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	server := httptest.NewUnstartedServer(nil)
	t.Cleanup(server.Close)
	issuer := "http://" + server.Listener.Addr().String() + "/idp"
	p, err := provider.New(provider.WithIssuer(issuer))
	g.Expect(err).NotTo(HaveOccurred())
	server.Config.Handler = p
	server.Start()
	targets, remove, err := target.Settings{Issuer: issuer}.Controlled(t.Context(), 1)
	g.Expect(err).NotTo(HaveOccurred())
	defer remove()
	metadata, err := targets[0].Metadata(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(metadata["issuer"]).To(Equal(targets[0].Issuer))
}

// Why there is no control, and what to do.
func TestControlledTellsWhatToDo(t *testing.T) {
	t.Parallel()
	page := func(status int, contentType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	_, moved := serve(t, provider.WithPaths("verify", "/me"))
	gone := httptest.NewServer(nil)
	gone.Close()
	_, off := serve(t, provider.WithoutControl())
	_, guarded := serve(t, provider.WithControlToken("let me in"))
	stubs := map[string]http.HandlerFunc{
		"an app": page(200, "text/html", "<p>Hello"), "other_json": page(200, "application/json", "{}"), "a_proxy": page(502, "text/plain", "bad gateway"),
		"a_guard": page(421, "application/problem+json", `{"detail":"The Host is not known."}`),
	}
	all := map[string]target.Settings{
		"resource_moved": {Issuer: moved.URL}, "down": {Issuer: gone.URL}, "control_off": {Issuer: off.URL}, "no_token": {Issuer: guarded.URL},
		"wrong_token": {Issuer: guarded.URL, ControlToken: "open sesame"}, "invalid": {},
	}
	for name, handler := range stubs {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		all[name] = target.Settings{Issuer: server.URL + "/idp"}
	}
	for name, s := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			targets, remove, err := s.Controlled(t.Context(), 1)
			NewWithT(t).Expect(err).To(HaveOccurred())
			NewWithT(t).Expect(targets).To(BeEmpty())
			remove()
			host := strings.TrimPrefix(strings.TrimSuffix(s.Issuer, "/idp"), "http://")
			text := err.Error()
			if host != "" {
				text = strings.ReplaceAll(text, host, "HOST")
			}
			text = regexp.MustCompile("tenant-[0-9a-f]+").ReplaceAllString(text, "TENANT")
			golden(t, "control_"+strings.ReplaceAll(name, " ", "_")+".txt", text+"\n")
		})
	}
}
