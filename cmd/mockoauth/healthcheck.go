package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/spf13/pflag"
)

type healthcheckCommand struct {
	url     string
	timeout time.Duration
}

func prepareHealthcheck(flags *pflag.FlagSet) func(*streams, []string) error {
	var c healthcheckCommand
	flags.StringVar(&c.url, "url", "", "what to ask (default /healthz at the port of MOCKOAUTH_ADDR on this machine)")
	flags.DurationVar(&c.timeout, "timeout", 2*time.Second, "how long to wait for the answer")
	return c.run
}

// run asks once, and fails unless the answer is 200.
func (c *healthcheckCommand) run(s *streams, _ []string) error {
	address := c.url
	if address == "" {
		var err error
		if address, err = healthAddress(s.environ); err != nil {
			return &failure{exitUsage, err}
		}
	}
	client := http.Client{Timeout: c.timeout, Transport: c.transport(address)}
	request, err := http.NewRequestWithContext(s.ctx, http.MethodGet, address, nil)
	if err != nil {
		return &failure{exitUsage, fmt.Errorf("--url: %w", err)}
	}
	response, err := client.Do(request)
	if err != nil {
		return &failure{exitFailed, fmt.Errorf("unhealthy: %w", err)}
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return &failure{exitFailed, fmt.Errorf("unhealthy: %s answers %s", address, response.Status)}
	}
	_, err = fmt.Fprintln(s.out, "healthy")
	return err
}

// transport is one that takes any certificate when it asks this machine: its
// own port needs no proof, the health check cannot know the authority that another
// process made at its start, and a certificate of one's own rarely names localhost.
func (c *healthcheckCommand) transport(address string) *http.Transport {
	u, err := url.Parse(address)
	here := c.url == "" || err == nil && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback())
	return &http.Transport{
		Proxy:           http.ProxyFromEnvironment,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: here, MinVersion: tls.VersionTLS12},
	}
}

// healthAddress is where the provider of this environment tells its health.
func healthAddress(environ []string) (string, error) {
	settings, err := readSettings(environ)
	if err != nil {
		return "", err
	}
	host, port, err := hostPort("ADDR", settings.Addr)
	if err != nil {
		return "", err
	}
	if port == 0 {
		return "", fmt.Errorf("%sADDR: the port of %q is picked at the start; say with --url where it is", prefix, settings.Addr)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	scheme := "http://"
	if settings.TLS.on() {
		scheme = "https://"
	}
	return scheme + net.JoinHostPort(host, strconv.Itoa(port)) + "/healthz", nil
}
