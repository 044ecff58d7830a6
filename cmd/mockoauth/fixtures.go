package main

import (
	"errors"

	"github.com/mockoauth/mockoauth/fixtures"
)

type fixturesCommand struct {
	File        string `arg:"" optional:"" help:"A fixtures file to check instead of the one in MOCKOAUTH_FIXTURES_FILE." placeholder:"FILE"`
	Format      string `help:"yaml or json." enum:"yaml,json" default:"yaml"`
	ShowSecrets bool   `help:"Print passwords and secrets instead of asterisks."`
}

// Run prints the set that serve would start with.
func (c fixturesCommand) Run(s *streams) error {
	environ := s.environ
	if c.File != "" {
		environ = append(environ[:len(environ):len(environ)], prefix+"FIXTURES_FILE="+c.File)
	}
	set, err := fixtures.Load(environ)
	if err := errors.Join(errors.Join(unknown(variables(environ))...), err); err != nil {
		return &failure{exitUsage, err}
	}
	if !c.ShowSecrets {
		set = set.Masked()
	}
	write := set.YAML
	if c.Format == "json" {
		write = set.JSON
	}
	text, err := write()
	if err != nil {
		return err
	}
	_, err = s.out.Write(text)
	return err
}
