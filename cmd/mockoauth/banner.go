package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
)

// banner is what the start says: where the provider is, whom it knows, what to
// try first. Secrets are in it on purpose, since some are made up at the start.
type banner struct {
	Time     time.Time         `json:"time"`
	Level    string            `json:"level"`
	Message  string            `json:"msg"`
	Version  string            `json:"version"`
	URL      string            `json:"url"`
	Issuer   string            `json:"issuer"`                // empty: from each request's Host
	Browser  string            `json:"browser_url,omitempty"` // when browsers have another name for it
	Metadata string            `json:"metadata"`
	CA       string            `json:"ca,omitempty"`      // where the authority behind its certificate is
	Control  string            `json:"control,omitempty"` // where tests control it
	Tenants  []string          `json:"tenants,omitempty"` // where further issuers are
	Users    []fixtures.User   `json:"users"`
	Clients  []fixtures.Client `json:"clients"`
	Faults   []string          `json:"faults,omitempty"`
	Try      []string          `json:"try,omitempty"`
	Warnings []string          `json:"warnings"`
}

// announce writes the banner, in the log's format.
func (s settings) announce(w io.Writer, server *provider.Server) error {
	b := newBanner(server)
	if s.LogFormat == "json" {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false) // the lines to try have & in them
		return e.Encode(b)
	}
	return b.write(w)
}

func newBanner(server *provider.Server) banner {
	address := addressOf(server)
	set := server.Fixtures()
	b := banner{
		Time: server.Clock().Now(), Level: "INFO", Message: "mockoauth is ready", Version: buildVersion(), URL: address, Issuer: server.Issuer(),
		Metadata: address + "/.well-known/openid-configuration", Users: set.Users, Clients: set.Clients,
		Warnings: []string{"Not for production: passwords and secrets are in plain text."},
	}
	if server.Keys().Development() {
		b.Warnings = append(b.Warnings, "The signing keys are development keys: they are public, and anybody can sign with them.")
	}
	if browser := server.BrowserURL(); browser != strings.TrimSuffix(server.Issuer(), "/") {
		b.Browser = browser
	}
	b.CA = at(server, address, "ca")
	b.Control = controlOf(server, address)
	for _, t := range server.Tenants() {
		b.Tenants = append(b.Tenants, cmp.Or(t.Issuer(), t.Name()))
	}
	for _, f := range server.Faults() {
		b.Faults = append(b.Faults, f.Fault.Name)
	}
	b.Try = suggestion{set, server.Grants()}.lines(at(server, address, "token"), at(server, address, "verify"))
	if server.TLSConfig() != nil {
		b.Try = b.trusting(b.Try)
	}
	for i := range b.Clients { // what a client could do elsewhere is of no use here
		b.Clients[i].Grants = slices.DeleteFunc(b.Clients[i].Grants, func(g string) bool { return !slices.Contains(server.Grants(), g) })
	}
	return b
}

// controlOf is where tests control the provider; empty when nothing does.
func controlOf(server *provider.Server, address string) string {
	switch own := server.ControlAddr(); {
	case own != nil:
		return reachable(server, own) + provider.ControlPath
	case server.Controlled():
		return address + provider.ControlPath
	}
	return ""
}

// addressOf is where the reader of the banner finds the provider. Where browsers
// have another name for it, the reader is likely to sit where they are.
func addressOf(server *provider.Server) string {
	issuer, browser := strings.TrimSuffix(server.Issuer(), "/"), server.BrowserURL()
	switch {
	case issuer == "":
		return reachable(server, server.Addr())
	case pathOf(issuer) == pathOf(browser): // so that all is at either
		return browser
	}
	return issuer
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Path
}

// trusting has lines for curl accept the server's certificate. That of the
// authority made at the start can be had from it; of one's own nothing is known here.
func (b banner) trusting(lines []string) []string {
	if len(lines) == 0 {
		return nil
	}
	flag := " -k "
	var all []string
	if b.CA != "" {
		flag = " --cacert ca.pem "
		all = append(all, "curl -ks -o ca.pem "+b.CA)
	}
	for _, line := range lines {
		all = append(all, strings.Replace(line, " ", flag, 1))
	}
	return all
}

// reachable is a listen address as a client on this machine writes it.
func reachable(server *provider.Server, address net.Addr) string {
	host, port, _ := net.SplitHostPort(address.String())
	if ip := net.ParseIP(host); ip != nil && (ip.IsUnspecified() || ip.Equal(net.IPv4(127, 0, 0, 1)) || ip.Equal(net.IPv6loopback)) {
		host = "localhost"
	}
	scheme := "http://"
	if server.TLSConfig() != nil {
		scheme = "https://"
	}
	return scheme + net.JoinHostPort(host, port)
}

// at is where an endpoint is below an address; empty when there is none.
func at(server *provider.Server, address, endpoint string) string {
	u := server.URL(endpoint)
	if u == "" {
		return ""
	}
	return address + strings.TrimPrefix(u, strings.TrimSuffix(server.Issuer(), "/"))
}

// write prints the banner for people.
func (b banner) write(w io.Writer) error {
	issuer := b.Issuer
	if issuer == "" {
		issuer = "from each request's Host (set MOCKOAUTH_ISSUER when clients and servers reach it by different names)"
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "mockoauth %s is ready at %s\n\n", b.Version, b.URL)
	for _, warning := range b.Warnings {
		fmt.Fprintf(t, "! %s\n", warning)
	}
	fmt.Fprintf(t, "\nissuer\t%s\n", issuer)
	for _, row := range [][2]string{{"browsers", b.Browser}, {"metadata", b.Metadata}, {"CA", b.CA}, {"control", b.Control}, {"tenants", strings.Join(b.Tenants, ", ")}} {
		if row[1] != "" {
			fmt.Fprintf(t, "%s\t%s\n", row[0], row[1])
		}
	}
	if len(b.Faults) > 0 {
		fmt.Fprintf(t, "faults\t%s\n", strings.Join(b.Faults, ", "))
	}
	head := "users"
	for _, u := range b.Users {
		status := ""
		if !u.Status.Active() {
			status = string(u.Status)
		}
		fmt.Fprintf(t, "%s\t%s\tpassword %s\t%s\n", head, u.Username, u.Password, status)
		head = ""
	}
	head = "clients"
	for _, c := range b.Clients {
		secret := "no secret (public)"
		if c.Secret != "" {
			secret = "secret " + c.Secret
		}
		if c.Disabled {
			secret += ", disabled"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", head, c.ID, secret, strings.Join(c.Grants, " "))
		head = ""
	}
	if len(b.Try) > 0 {
		fmt.Fprintf(t, "\nTry:\n  %s\n", strings.Join(b.Try, "\n  "))
	}
	fmt.Fprintln(t)
	return t.Flush()
}
