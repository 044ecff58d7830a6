package main

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
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
		var err error
		if address, err = healthAddress(s.environ); err != nil {
			return &failure{exitUsage, err}
		}
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

// healthAddress is where the provider of this environment tells its health.
func healthAddress(environ []string) (string, error) {
	settings, err := readSettings(environ)
	if err != nil {
		return "", err
	}
	host, port, err := settings.hostPort()
	if err != nil {
		return "", err
	}
	if port == 0 {
		return "", fmt.Errorf("%sADDR: the port of %q is picked at the start; say with --url where it is", prefix, settings.Addr)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(port)) + "/healthz", nil
}
