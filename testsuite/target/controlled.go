package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/testsuite/check"
)

// Controlled makes n targets of a mockoauth that runs at the issuer, each a tenant of
// its own with a client and a user for every role, whose clock can be moved. The
// clients, users and login that the settings tell of are not used. What it cannot do
// while a check runs, or after ctx is done, panics, which ends that check in error.
//
// remove deletes the tenants; it is never nil, and may be called more than once. The
// error says what to do about a provider that is no mockoauth, that has its control
// off or elsewhere, or that wants a token.
func (s Settings) Controlled(ctx context.Context, n int) (targets []*check.Target, remove func(), err error) {
	remove = func() {}
	if err := s.Validate(); err != nil {
		return nil, remove, err
	}
	client, err := s.client()
	if err != nil {
		return nil, remove, err
	}
	c, now, err := s.find(ctx, client)
	if err != nil {
		return nil, remove, err
	}
	var names []string
	remove = func() {
		ctx := context.WithoutCancel(ctx) // a run that was stopped cleans up, too
		for _, name := range names {
			_ = c.call(ctx, http.MethodDelete, "/tenants/"+name, nil, nil) // it ends by itself in a day
		}
		names = nil
		client.CloseIdleConnections()
	}
	for range n {
		set, target := Fixtures(now)
		name, err := c.addTenant(ctx, set)
		if err != nil {
			remove()
			return nil, func() {}, fmt.Errorf("the control at %s makes no tenant: %w", c.base, err)
		}
		names = append(names, name)
		s.settle(target, name)
		target.HTTP = client
		own := control{strings.TrimSuffix(c.base, controlPath) + "/" + name + controlPath, c.token, c.http}
		own.equip(ctx, target)
		targets = append(targets, target)
	}
	if err := c.findResource(ctx, targets); err != nil {
		remove()
		return nil, func() {}, err
	}
	return targets, remove, nil
}

// findResource wants something to be at the address that takes bearer tokens, which
// no metadata tells.
func (c control) findResource(ctx context.Context, targets []*check.Target) error {
	if len(targets) == 0 {
		return nil
	}
	address := targets[0].Endpoints["resource"]
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("%s: no answer: %w", address, err)
	}
	response.Body.Close()
	if response.StatusCode == http.StatusNotFound {
		return fmt.Errorf("nothing that takes bearer tokens is at %s; where MOCKOAUTH_PATH_VERIFY has moved it, give its address as resource in %sENDPOINTS or --endpoints", address, Prefix)
	}
	return nil
}

// settle tells a target where a tenant is. What the settings say of addresses below
// the issuer, and of what the provider can, holds for each tenant.
func (s Settings) settle(target *check.Target, name string) {
	first := strings.TrimSuffix(s.Issuer, "/")
	target.Issuer = first + "/" + name
	target.Endpoints = map[string]string{"resource": target.Issuer + defaultResource}
	for endpoint, address := range s.Endpoints {
		if below, ok := strings.CutPrefix(address, first+"/"); ok {
			target.Endpoints[endpoint] = target.Issuer + "/" + below
		}
	}
	target.Features = append(target.Features, s.Features...)
	target.Exempt, target.WaitAtMost = s.Exempt, s.MaxWait
}

// addTenant makes a tenant, and answers its name.
func (c control) addTenant(ctx context.Context, set fixtures.Set) (name string, err error) {
	var made struct{ Name string }
	err = c.call(ctx, http.MethodPost, "/tenants", map[string]any{"fixtures": set, "login": "form", "ttl": fixtures.Duration(tenantsLive)}, &made)
	return made.Name, err
}

// find finds the control, and tells the time that a new tenant has: the real one, as
// the provider's machine knows it.
func (s Settings) find(ctx context.Context, client *http.Client) (control, time.Time, error) {
	var first error
	for _, base := range s.controls() {
		c := control{base, s.ControlToken, client}
		var clock struct {
			Now    time.Time
			Offset string
		}
		err := c.call(ctx, http.MethodGet, "/clock", nil, &clock)
		ahead, wrong := time.ParseDuration(clock.Offset)
		switch {
		case err == nil && wrong == nil:
			return c, clock.Now.Add(-ahead), nil
		case err == nil:
			err = refusal{status: http.StatusOK, detail: "what it answers is not of a mockoauth"}
		}
		if err = s.explain(base, err); first == nil || isOurs(err) {
			first = err
		}
	}
	return control{}, time.Time{}, first
}

func isOurs(err error) bool {
	var r refusal
	return errors.As(err, &r) && r.isOurs
}

// explain says why there is no control, and what to do.
func (s Settings) explain(base string, err error) error {
	var r refusal
	switch {
	case !errors.As(err, &r):
		return fmt.Errorf("%s: %w\nIs the provider running, and is that its issuer?", base, err)
	case r.isOurs && r.status == http.StatusUnauthorized && s.ControlToken == "":
		return fmt.Errorf("%s wants a token: give that of its MOCKOAUTH_CONTROL_TOKEN, as %sCONTROL_TOKEN or --control-token", base, Prefix)
	case r.isOurs && r.status == http.StatusUnauthorized:
		return fmt.Errorf("%s takes another token than the one given: give that of its MOCKOAUTH_CONTROL_TOKEN, as %sCONTROL_TOKEN or --control-token", base, Prefix)
	case r.isOurs && r.status != http.StatusNotFound:
		return fmt.Errorf("%s does not let itself be controlled: %w", base, err)
	}
	return fmt.Errorf("there is no control of a mockoauth at %s: %w\n"+
		"A mockoauth has it unless MOCKOAUTH_CONTROL is off; with MOCKOAUTH_CONTROL_ADDR it is at another address: give that as %sCONTROL_URL or --control-url.\n"+
		"For any other provider, name the clients and users that it has, in the file of %sTARGET_FILE or --target-file", base, err, Prefix, Prefix)
}
