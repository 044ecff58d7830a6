package browser_test

import (
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
)

// scene is a provider, two applications whose users it logs in, and a browser.
type scene struct {
	*GomegaWithT
	idp       *provider.Provider
	web, shop *relyingParty
	tab       *tab
}

// stage sets one up, with everything at this machine's usual names.
func stage(t *testing.T, options ...provider.Option) *scene {
	t.Helper()
	return stageAt(t, "localhost", func(as []provider.Option) *provider.Provider {
		return provider.Start(t, append(as, options...)...)
	})
}

// stageAt sets one up with the applications at a host and the provider that start
// makes with the options that it needs.
func stageAt(t *testing.T, host string, start func([]provider.Option) *provider.Provider) *scene {
	t.Helper()
	_ = chromium.open(t) // or skip, before anything else is done
	s := &scene{GomegaWithT: NewWithT(t), web: newRelyingParty(t, "web", host), shop: newRelyingParty(t, "shop", host)}
	log := &lines{}
	s.idp = start([]provider.Option{
		provider.WithFixtures(fixtures.Set{Clients: []fixtures.Client{s.web.client(), s.shop.client()}}),
		provider.WithLogger(slog.New(slog.NewTextHandler(log, nil))),
	})
	t.Cleanup(func() {
		if t.Failed() || strings.Contains(log.String(), "status=404") { // such as for an icon
			t.Errorf("the provider says:\n%s", log)
		}
	})
	s.web.use(s.idp)
	s.shop.use(s.idp)
	s.tab = open(t, s.idp.BrowserURL(), s.web.url, s.shop.url)
	return s
}

// serve has a provider listen, whose options depend on its port.
func serve(t *testing.T, options func(port string) []provider.Option) *provider.Provider {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	p, err := provider.New(options(portOf(server))...)
	if err != nil {
		server.Close()
		t.Fatal(err)
	}
	server.Config.Handler = p
	server.Start()
	t.Cleanup(server.Close)
	return p
}

// loggedIn wants the browser to be back at an application that knows its user.
func (s *scene) loggedIn(rp *relyingParty, name string) {
	s.tab.t.Helper()
	s.tab.shows("#who", Equal(name))
	s.Expect(s.tab.page()).To(Equal(rp.url + "/callback"))
}

// refused wants the browser to be back at an application with an error.
func (s *scene) refused(rp *relyingParty, code string) {
	s.tab.t.Helper()
	s.tab.shows("#error", Equal(code))
	s.Expect(s.tab.page()).To(Equal(rp.url + "/callback"))
}

// sawPages tells whether any page of the provider's was shown.
func (s *scene) sawPages() bool {
	for _, page := range s.tab.pages() {
		if strings.HasPrefix(page, s.idp.BrowserURL()+"/") {
			return true
		}
	}
	return false
}

// lines is a log that a test reads while it is written to.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
