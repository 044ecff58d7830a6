package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/pflag"
)

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // it was tried and went wrong
	exitUsage  = 2 // wrong arguments, variables or fixtures
)

// A command is something that can be typed. Without a name, it is serve.
type command struct {
	name    string // "serve"; "conformance list" for one of a family
	takes   string // what comes after the flags: "[FILE]"; empty for nothing
	summary string
	prepare func(*pflag.FlagSet) func(s *streams, args []string) error // declares the flags; answers what the command does
}

func commands() []command {
	return []command{
		{"serve", "", "Serve the provider (the default). It is configured by environment variables alone.", prepareServe},
		{"healthcheck", "", "Ask a running provider whether it is well, for a container's health check.", prepareHealthcheck},
		{"fixtures", "[FILE]", "Check the fixtures and print what they amount to. Exits 2 when something is wrong with them.", prepareFixtures},
		{"faults", "", "List the ways to be wrong that MOCKOAUTH_FAULTS can name.", prepareFaults},
		{"conformance provider", "", "Judge a provider: --issuer URL is enough to begin. Exits 1 when it fails, 3 when it cannot be reached.", prepareJudgeProvider},
		{"conformance compare", "FOLDER...", "Compare the reports of several runs, as a Markdown table.", prepareCompare},
		{"conformance list", "[ID...]", "List the checks of conformance provider.", prepareList},
		{"conformance explain", "ID...", "Explain checks: the clause, what is sent, what is expected, which faults prove it.", prepareExplain},
		{"version", "", "Print the version.", prepareVersion},
	}
}

// streams are what a command works with besides its flags.
type streams struct {
	ctx     context.Context
	environ []string
	out     io.Writer
	errs    io.Writer
}

// failure ends a command with an exit code and what to say about it; err is nil
// when all has been said.
type failure struct {
	code int
	err  error
}

// Error is what to say.
func (f *failure) Error() string { return f.err.Error() }

// run is the whole program: what main does, with all that it touches handed in.
func run(ctx context.Context, args, environ []string, out, errs io.Writer) int {
	s := &streams{ctx, environ, out, errs}
	c, args, err := find(args)
	if err == nil {
		err = c.run(s, args)
	}
	var f *failure
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, pflag.ErrHelp):
		c.help(out)
		return exitOK
	case errors.As(err, &f):
		if f.err != nil {
			fmt.Fprintln(errs, f)
		}
		return f.code
	default:
		fmt.Fprintln(errs, "mockoauth:", err)
		return exitFailed
	}
}

// find is the command that the arguments begin with.
func find(args []string) (command, []string, error) {
	if len(args) == 0 || args[0][:min(1, len(args[0]))] == "-" {
		c := commands()[0]
		c.name = ""
		return c, args, nil
	}
	var family []string
	for _, c := range commands() {
		words := strings.Fields(c.name)
		if len(args) >= len(words) && slices.Equal(args[:len(words)], words) {
			return c, args[len(words):], nil
		}
		if words[0] == args[0] {
			family = append(family, c.name)
		}
	}
	if family != nil {
		return command{}, nil, misused(fmt.Errorf("%s needs one more word: %s", args[0], strings.Join(family, ", ")))
	}
	return command{}, nil, misused(fmt.Errorf("there is no command %q", args[0]))
}

// run reads the flags and runs the command.
func (c command) run(s *streams, args []string) error {
	flags, do := c.flags()
	err := flags.Parse(args)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return err
	case err != nil:
		return misused(err)
	case c.takes == "" && flags.NArg() > 0 || flags.NArg() > 1 && !strings.Contains(c.takes, "..."):
		return misused(fmt.Errorf("unexpected argument %q", flags.Arg(flags.NArg()-1)))
	}
	return do(s, flags.Args())
}

func (c command) flags() (*pflag.FlagSet, func(*streams, []string) error) {
	flags := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	return flags, c.prepare(flags)
}

// help tells what the command does; without a name, which commands there are.
func (c command) help(w io.Writer) {
	flags, _ := c.flags()
	if c.name != "" {
		fmt.Fprintf(w, "Usage: mockoauth %s [flags] %s\n\n%s\n\n%s", c.name, c.takes, c.summary, flags.FlagUsages())
		return
	}
	fmt.Fprint(w, "Usage: mockoauth [command]\n\nAn OAuth 2.0 and OpenID Connect provider made for tests: strict, seeded, and ready in\nmilliseconds. Not for production.\n\n")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, c := range commands() {
		fmt.Fprintf(t, "  %s\t%s\n", c.name, c.summary)
	}
	_ = t.Flush() // w is the caller's to worry about
	fmt.Fprint(w, "\nmockoauth COMMAND --help tells more.\n")
}

// misused is the end of a command with wrong arguments.
func misused(err error) error {
	return &failure{exitUsage, fmt.Errorf("mockoauth: %w\nTry: mockoauth --help", err)}
}
