package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
)

// gcPercent has the garbage collected at half the usual distance: the live heap
// is a few megabytes, so memory matters more than the little time it takes. Setting
// it costs a collection, which must not delay the first request. GOGC in the
// environment goes before.
const (
	gcPercent = 50
	gcAfter   = time.Second
)

func prepareServe(*pflag.FlagSet) func(*streams, []string) error { return serveUntilStopped }

// serveUntilStopped serves until it is told to stop.
func serveUntilStopped(s *streams, _ []string) error {
	if os.Getenv("GOGC") == "" {
		defer time.AfterFunc(gcAfter, func() { debug.SetGCPercent(gcPercent) }).Stop()
	}
	server, c, err := start(s)
	if err != nil {
		return err
	}
	if err := c.announce(s.out, server); err != nil {
		return errors.Join(err, server.Close())
	}
	return server.Serve(s.ctx)
}

// start makes the server that the environment describes, or says all that is
// wrong with it.
func start(s *streams) (*provider.Server, settings, error) {
	c, errSettings := readSettings(s.environ)
	set, errFixtures := fixtures.Load(s.environ, provider.Chance(c.Seed, "fixtures"))
	log, errLog := c.logger(s.errs)
	options, errOptions := c.options(set, log)
	if err := errors.Join(errSettings, errLog, errOptions, errFixtures); err != nil {
		return nil, c, misconfigured(errors.Join(err, judge(options, err.Error())))
	}
	server, err := provider.Listen(c.Addr, options...)
	var wrong provider.Problems
	var denied *provider.ListenError
	switch {
	case errors.As(err, &wrong):
		return nil, c, misconfigured(addressed(wrong))
	case errors.As(err, &denied):
		return nil, c, &failure{exitFailed, c.unlistenable(denied)}
	case err != nil:
		return nil, c, &failure{exitFailed, fmt.Errorf("mockoauth: %w", err)}
	}
	return server, c, nil
}

// unlistenable says which variable has an address that cannot be had.
func (s settings) unlistenable(denied *provider.ListenError) error {
	variable := prefix + "ADDR"
	if denied.Address == s.Control.Addr {
		variable = prefix + "CONTROL_ADDR"
	}
	if errors.Is(denied, syscall.EADDRINUSE) {
		return fmt.Errorf("mockoauth: %s is taken by another process; stop it, or set %s to another address, such as :9001 or :0", denied.Address, variable)
	}
	return fmt.Errorf("mockoauth: %w (%s)", denied, variable)
}

// judge says what the provider itself finds wrong, where it will not start
// anyway, but for variables of which something was said.
func judge(options []provider.Option, said string) error {
	_, err := provider.New(options...)
	var wrong provider.Problems
	if !errors.As(err, &wrong) {
		return nil
	}
	return addressed(slices.DeleteFunc(wrong, func(p provider.Problem) bool {
		return strings.Contains(said, variableOf(p.Option)+": ")
	}))
}

// addressed names the variables of the provider's options.
func addressed(problems provider.Problems) error {
	var errs []error
	for _, p := range problems {
		errs = append(errs, fmt.Errorf("%s: %s", variableOf(p.Option), p.Message))
	}
	return errors.Join(errs...)
}

// variableOf is the variable that sets an option.
func variableOf(option string) string { return prefix + strings.ToUpper(option) }

// misconfigured is the end of a start with a wrong configuration.
func misconfigured(err error) error {
	n := strings.Count(err.Error(), "\n") + 1
	things := fmt.Sprintf("%d things are", n)
	if n == 1 {
		things = "one thing is"
	}
	return &failure{exitUsage, fmt.Errorf("mockoauth does not start; %s wrong with its configuration:\n%w", things, err)}
}
