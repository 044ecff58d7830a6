package target

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// Bounds of a command that logs a user in.
const (
	commandTakes   = 30 * time.Second // unless the settings say otherwise
	commandLingers = time.Second      // with its output open, after its end
	outputAtMost   = 64 << 10         // bytes of each of its outputs that are read
)

// login is how users log in, as the checks know it.
func (l Login) login() check.Login {
	known := check.Login{Username: l.Username, Password: l.Password, Headers: l.Headers}
	if len(l.Fields) > 0 {
		known.Fields = url.Values{}
		for name, value := range l.Fields {
			known.Fields.Set(name, value)
		}
	}
	if len(l.Command) > 0 {
		known.Hand = l.run
	}
	return known
}

// run has the command take a request to its end.
func (l Login) run(ctx context.Context, h check.Handover) (string, error) {
	limit := cmp.Or(l.Timeout, commandTakes)
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	words := append(slices.Clone(l.Command), h.URL)
	c := exec.CommandContext(ctx, words[0], words[1:]...)
	c.Env = append(os.Environ(), "MOCKOAUTH_LOGIN_URL="+h.URL, "MOCKOAUTH_LOGIN_USERNAME="+h.User.Username,
		"MOCKOAUTH_LOGIN_PASSWORD="+h.User.Password, "MOCKOAUTH_LOGIN_REDIRECT_URI="+h.RedirectURI)
	var out, errs excerpt
	c.Stdout, c.Stderr, c.WaitDelay = &out, &errs, commandLingers
	err := c.Run()
	to := out.String()
	switch {
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = fmt.Errorf("it did not end within %s", limit)
	case err != nil:
	case to == "":
		err = errors.New("it printed nothing, and should print the URL to which the provider sent the user")
	case strings.ContainsAny(to, " \n\r\t"):
		err = fmt.Errorf("it printed more than one URL: %.200q", to)
	default:
		if u, wrong := url.Parse(to); wrong != nil || u.Scheme == "" {
			err = fmt.Errorf("it printed %q, which is no URL", to)
		}
	}
	if err == nil {
		return to, nil
	}
	if said := errs.String(); said != "" {
		return "", fmt.Errorf("the command %s did not log in the user %s: %w; it said:\n%s", l.Command[0], h.User.Username, err, said)
	}
	return "", fmt.Errorf("the command %s did not log in the user %s: %w", l.Command[0], h.User.Username, err)
}

// An excerpt is the beginning of what is written to it.
type excerpt struct{ kept []byte }

func (e *excerpt) Write(p []byte) (int, error) {
	e.kept = append(e.kept, p[:min(outputAtMost-len(e.kept), len(p))]...)
	return len(p), nil
}

func (e *excerpt) String() string { return strings.TrimSpace(string(e.kept)) }
