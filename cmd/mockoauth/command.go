package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"
)

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // it was tried and went wrong
	exitUsage  = 2 // wrong arguments, variables or fixtures
)

// commands are what can be typed.
type commands struct {
	Serve       serveCommand       `cmd:"" default:"1" help:"Serve the provider (the default). It is configured by environment variables alone."`
	Healthcheck healthcheckCommand `cmd:"" help:"Ask a running provider whether it is well, for a container's health check."`
	Fixtures    fixturesCommand    `cmd:"" help:"Check the fixtures and print what they amount to. Exits 2 when something is wrong with them."`
	Faults      faultsCommand      `cmd:"" help:"List the ways to be wrong that MOCKOAUTH_FAULTS can name."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
}

// streams are what a command works with besides its flags.
type streams struct {
	ctx     context.Context
	environ []string
	out     io.Writer
	errs    io.Writer
}

// failure ends a command with an exit code and what to say about it.
type failure struct {
	code int
	err  error
}

// Error is what to say.
func (f *failure) Error() string { return f.err.Error() }

// exit is thrown by the parser when it has answered by itself, with the help.
type exit int

// run is the whole program: what main does, with all that it touches handed in.
func run(ctx context.Context, args, environ []string, out, errs io.Writer) (code int) {
	defer func() {
		if r := recover(); r != nil {
			thrown, ok := r.(exit)
			if !ok {
				panic(r)
			}
			code = int(thrown)
		}
	}()
	var c commands
	parser, err := kong.New(&c,
		kong.Name("mockoauth"),
		kong.Description("An OAuth 2.0 provider made for tests: strict, seeded, and ready in milliseconds. Not for production."),
		kong.Writers(out, errs),
		kong.Exit(func(code int) { panic(exit(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		fmt.Fprintln(errs, "mockoauth:", err)
		return exitFailed
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(errs, "mockoauth: %v\nTry: mockoauth --help\n", err)
		return exitUsage
	}
	err = parsed.Run(&streams{ctx, environ, out, errs})
	var f *failure
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &f):
		fmt.Fprintln(errs, f)
		return f.code
	default:
		fmt.Fprintln(errs, "mockoauth:", err)
		return exitFailed
	}
}
