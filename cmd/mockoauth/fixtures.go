package main

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
)

type fixturesCommand struct {
	format      string
	showSecrets bool
}

func prepareFixtures(flags *pflag.FlagSet) func(*streams, []string) error {
	var c fixturesCommand
	flags.StringVar(&c.format, "format", "yaml", "yaml or json")
	flags.BoolVar(&c.showSecrets, "show-secrets", false, "print passwords and secrets instead of asterisks")
	return c.run
}

// run prints the set that serve would start with; a FILE is checked instead of the
// one in MOCKOAUTH_FIXTURES_FILE.
func (c *fixturesCommand) run(s *streams, args []string) error {
	environ := s.environ
	if len(args) > 0 {
		environ = append(environ[:len(environ):len(environ)], prefix+"FIXTURES_FILE="+args[0])
	}
	if c.format != "yaml" && c.format != "json" {
		return misused(fmt.Errorf("--format: %q is neither yaml nor json", c.format))
	}
	set, err := fixtures.Load(environ, provider.Chance(variables(environ)[prefix+"SEED"], "fixtures"))
	if err := errors.Join(errors.Join(unknown(variables(environ))...), err); err != nil {
		return &failure{exitUsage, err}
	}
	if !c.showSecrets {
		set = set.Masked()
	}
	write := set.YAML
	if c.format == "json" {
		write = set.JSON
	}
	text, err := write()
	if err != nil {
		return err
	}
	_, err = s.out.Write(text)
	return err
}
