package main

import (
	"fmt"
	"net"
	"net/http"
	"time"
)

type healthcheckCommand struct {
	URL     string        `help:"What to ask; by default /healthz at the port of MOCKOAUTH_ADDR on this machine." placeholder:"URL"`
	Timeout time.Duration `help:"How long to wait for the answer." default:"2s"`
}

// Run asks once, and fails unless the answer is 200.
func (c healthcheckCommand) Run(s *streams) error {
	address := c.URL
	if address == "" {
		settings, err := readSettings(s.environ)
		if err != nil {
			return misconfigured(err)
		}
		host, port, err := net.SplitHostPort(settings.Addr)
		if err != nil {
			return &failure{exitUsage, fmt.Errorf("%sADDR: %q is no listen address, such as :9000", prefix, settings.Addr)}
		}
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			host = "127.0.0.1"
		}
		address = "http://" + net.JoinHostPort(host, port) + "/healthz"
	}
	client := http.Client{Timeout: c.Timeout}
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
