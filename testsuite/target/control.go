package target

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/testsuite/check"
)

const (
	controlPath     = "/_mock"
	controlTakes    = 10 * time.Second // for one call
	controlSays     = 1 << 20          // bytes of an answer that are read
	tenantsLive     = 24 * time.Hour   // where nobody removes them
	defaultResource = "/api/verify"    // below an issuer: takes bearer tokens
)

// A control is the control of a mockoauth, or of one of its tenants.
type control struct {
	base  string // ends in /_mock
	token string
	http  *http.Client
}

// A refusal is what a control answers that does not do as it is told.
type refusal struct {
	status int
	isOurs bool   // it speaks as a mockoauth does
	detail string // in its words
}

func (r refusal) Error() string {
	if r.detail != "" {
		return r.detail
	}
	return fmt.Sprintf("it answers %d %s", r.status, http.StatusText(r.status))
}

// call has the control do something, and reads its answer into out unless that is nil.
func (c control) call(ctx context.Context, method, path string, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, controlTakes)
	defer cancel()
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			return err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, &body)
	if err != nil {
		return err
	}
	if in != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("no answer: %w", err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(io.LimitReader(response.Body, controlSays))
	if err != nil {
		return fmt.Errorf("the answer to %s %s broke off: %w", method, c.base+path, err)
	}
	if response.StatusCode/100 != 2 {
		return refused(response, said)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(said, out); err != nil {
		return refusal{status: response.StatusCode, detail: "what it answers is not of a mockoauth"}
	}
	return nil
}

// refused reads a problem document (RFC 9457), which a mockoauth sends.
func refused(response *http.Response, said []byte) refusal {
	r := refusal{status: response.StatusCode}
	var problem struct {
		Detail string `json:"detail"`
	}
	if response.Header.Get("Content-Type") == "application/problem+json" && json.Unmarshal(said, &problem) == nil {
		r.isOurs, r.detail = true, problem.Detail
	}
	return r
}

// must is for what a check has the control do: it cannot go on without.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// equip gives a target what the control can do for it.
func (c control) equip(ctx context.Context, target *check.Target) {
	target.Advance = func(d time.Duration) {
		must(c.call(ctx, http.MethodPost, "/clock", map[string]any{"advance": d.String()}, nil))
	}
	target.RotateKeys = func() {
		must(c.call(ctx, http.MethodPost, "/keys", map[string]any{"rotate": true}, nil))
	}
	target.FailStore = func() func() {
		var made struct{ ID int }
		must(c.call(ctx, http.MethodPost, "/faults", map[string]any{"name": "store_unavailable"}, &made))
		return func() { must(c.call(ctx, http.MethodDelete, fmt.Sprintf("/faults/%d", made.ID), nil, nil)) }
	}
	target.NewUser = func() (check.User, func()) {
		u := fixtures.User{Username: "passing", Password: "through"}
		must(c.call(ctx, http.MethodPost, "/users", u, nil))
		return check.User{Username: u.Username, Password: u.Password}, func() {
			must(c.call(ctx, http.MethodDelete, "/users/"+url.PathEscape(u.Username), nil, nil))
		}
	}
}

// controls are where the control of the provider may be: below its issuer, or at its
// origin, unless it is told.
func (s Settings) controls() []string {
	if s.ControlURL != "" {
		return []string{strings.TrimSuffix(strings.TrimSuffix(s.ControlURL, "/"), controlPath) + controlPath}
	}
	below := strings.TrimSuffix(s.Issuer, "/") + controlPath
	u, err := url.Parse(s.Issuer)
	if err != nil || strings.Trim(u.Path, "/") == "" {
		return []string{below}
	}
	return []string{below, u.Scheme + "://" + u.Host + controlPath}
}
