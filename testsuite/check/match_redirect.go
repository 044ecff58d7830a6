package check

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
)

// onRedirect is a matcher of where a browser ended.
func onRedirect(expected string, wrong func(Redirect) string) types.GomegaMatcher {
	return matcher{expected, func(actual any) string {
		r, ok := actual.(Redirect)
		if !ok {
			return fmt.Sprintf("%T is no redirect", actual)
		}
		return wrong(r)
	}}
}

// BeGranted matches a browser that brings its client a code (RFC 6749 §4.1.2), at
// the redirect URI and with the state that the request had, and no error.
func BeGranted() types.GomegaMatcher {
	return onRedirect("an authorization response with a code", func(r Redirect) string {
		switch {
		case r.Mode == "":
			return "the browser does not get back to the client"
		case r.Params.Has("error"):
			return fmt.Sprintf("it has the error %q", r.Params.Get("error"))
		case r.Code() == "":
			return "it has no code"
		}
		return wrongResponse(r)
	})
}

// BeSentBack matches a browser that brings its client an error (RFC 6749
// §4.1.2.1), one of these, at the redirect URI and with the state that the
// request had, and neither a code nor a token.
func BeSentBack(codes ...string) types.GomegaMatcher {
	return onRedirect("an authorization response with the error "+strings.Join(codes, " or "), func(r Redirect) string {
		switch {
		case r.Mode == "":
			return "the browser does not get back to the client"
		case !slices.Contains(codes, r.Params.Get("error")):
			return fmt.Sprintf("its error is %q", r.Params.Get("error"))
		}
		for _, gift := range []string{"code", "access_token", "id_token"} {
			if r.Params.Has(gift) {
				return "it carries " + gift
			}
		}
		return wrongResponse(r)
	})
}

// wrongResponse tells what every authorization response must be and this one is not.
func wrongResponse(r Redirect) string {
	uri := r.sent.Get("redirect_uri")
	rest, atURI := strings.CutPrefix(r.To, uri)
	for name, values := range r.Params {
		if len(values) > 1 {
			return "it has " + name + " twice (RFC 6749 §3.1)"
		}
	}
	switch state, told := r.sent.Get("state"), r.Params.Has("state"); {
	case !atURI || uri != "" && rest != "" && !strings.ContainsAny(rest[:1], "?&#"):
		return "it does not go to the redirect_uri of the request, " + uri
	case r.Mode != ModeFormPost && r.Status != http.StatusFound && r.Status != http.StatusSeeOther:
		return fmt.Sprintf("the status is %d, not 302 or 303", r.Status)
	case len(r.sent["state"]) > 1: // which of them?
		return ""
	case told != (state != "") || state != r.Params.Get("state"):
		return fmt.Sprintf("its state is %q, the request's %q", r.Params["state"], state)
	}
	return ""
}

// BeStopped matches a browser that is told about an error by a page of the
// target and sent nowhere (RFC 6749 §4.1.2.1, §3.1.2.4): 4xx, no Location, no code.
func BeStopped() types.GomegaMatcher {
	return onRedirect("an error page, and no redirect", func(r Redirect) string {
		switch {
		case r.Mode != "" || r.Header.Get("Location") != "":
			return "the browser is sent away"
		case r.Status < 400 || r.Status > 499:
			return fmt.Sprintf("the status is %d, not 4xx", r.Status)
		case r.Status == http.StatusUnauthorized && len(r.Challenges()) == 0:
			return "a 401 has no WWW-Authenticate (RFC 9110 §15.5.2)"
		}
		return ""
	})
}
