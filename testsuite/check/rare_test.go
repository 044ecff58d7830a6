package check_test

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// What no fault of our provider breaks, for its pages, its metadata or its TLS
// come before the faults or lack it, is proven here: against a small provider that
// does it, and by mistakes of it for each check.
func TestRareChecksBite(t *testing.T) {
	t.Parallel()
	for id, mistakes := range map[string][]string{
		"TE-40": {"plain HTTP processed", "plain HTTP trusted"},
		"OC-37": {"plain HTTP processed", "plain HTTP trusted"},
		"AC-17": {"scope untold", "scope withheld in words only"},
		"IN-18": {"acr untold", "auth_time untold", "auth_time as text"},
		"MD-13": {"start page everywhere"},
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			if v := rareVerdict(t, id, ""); v.State != check.Passed {
				t.Fatalf("without a mistake: %s: %s", v.State, v.Reason)
			}
			for _, mistake := range mistakes {
				v := rareVerdict(t, id, mistake)
				if v.State != check.Failed && v.State != check.Warned {
					t.Errorf("with %s: %s %s", mistake, v.State, v.Reason)
				}
				t.Logf("with %s: %s %s", mistake, v.State, v.Reason)
			}
		})
	}
}

// A provider may do otherwise than ours, and the checks let it.
func TestChecksForgiveWhatIsLawful(t *testing.T) {
	t.Parallel()
	for manner, want := range map[string]map[string]check.State{
		"":                           {"OC-09": check.Passed, "OC-12": check.Passed, "OC-13": check.Passed, "OC-23": check.Passed},
		"plain HTTP redirected":      {"TE-40": check.Passed, "OC-37": check.Passed},
		"hangs up":                   {"TE-38": check.Passed},
		"hangs up for good":          {"TE-38": check.Warned},
		"consent each time":          {"OC-09": check.Skipped, "OC-12": check.Skipped, "OC-13": check.Passed, "OC-20": check.Skipped},
		"consent, silence miscoded":  {"OC-09": check.Failed},
		"a bare 401":                 {"IN-06": check.Passed},
		"claims withheld":            {"OC-23": check.Warned},
		"claims of another":          {"OC-23": check.Failed},
		"challenges by the scheme":   {"CA-15": check.Passed},
		"challenges by another":      {"CA-15": check.Failed},
		"frames at named origins":    {"AZ-28": check.Passed},
		"frames at none, by silence": {"AZ-28": check.Passed},
		"frames in a second policy":  {"AZ-28": check.Passed},
		"frames anywhere":            {"AZ-28": check.Failed},
		"frames at any https":        {"AZ-28": check.Failed},
		"frames at any host":         {"AZ-28": check.Failed},
		"frames unsaid":              {"AZ-28": check.Failed},
	} {
		for id, state := range want {
			t.Run(manner+" "+id, func(t *testing.T) {
				t.Parallel()
				if v := rareVerdict(t, id, manner); v.State != state {
					t.Errorf("%s, not %s: %s", v.State, state, v.Reason)
				}
			})
		}
	}
}

func rareVerdict(t *testing.T, id, manner string) check.Verdict {
	t.Helper()
	p := newRareProvider(manner)
	server := httptest.NewUnstartedServer(p)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it tells of each plain connection
	server.StartTLS()
	defer server.Close()
	plain := httptest.NewServer(p)
	defer plain.Close()
	p.url = server.URL
	ways := twoWays{secure: server.Client().Transport, plain: server.Listener.Addr().String()}
	switch manner {
	case "plain HTTP processed", "plain HTTP trusted", "plain HTTP redirected":
		ways.plain = plain.Listener.Addr().String()
	}
	target := &check.Target{
		Issuer:   server.URL,
		Features: []check.Feature{check.StepUp},
		HTTP:     &http.Client{Transport: ways, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		Advance:  p.advance,
		Clients: map[check.Role]check.Client{
			check.Main: {ID: "main", Secret: "secret", Scopes: []string{"read", "write"}, RedirectURIs: []string{"https://main.example/callback"}},
		},
		Users: map[check.Role]check.User{
			check.Main:    {Username: "alice", Password: "wonder", Claims: map[string]any{"email": "alice@example.com", "name": "Alice"}},
			check.OddUser: {Username: "bob", Password: "wonder"},
		},
	}
	for _, section := range check.Sections() {
		for _, c := range section.Checks {
			if c.ID == id {
				return c.Verdict(context.Background(), target)
			}
		}
	}
	t.Fatalf("there is no check %s", id)
	return check.Verdict{}
}

// twoWays sends http to one address and https to another, though both have one URL.
type twoWays struct {
	secure http.RoundTripper
	plain  string
}

// RoundTrip sends a request.
func (w twoWays) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "http" {
		return w.secure.RoundTrip(r)
	}
	again := r.Clone(r.Context())
	again.URL.Host = w.plain
	return http.DefaultTransport.RoundTrip(again)
}
