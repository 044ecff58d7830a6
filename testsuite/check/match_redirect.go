package check

import (
	"fmt"
	"net/http"
	"net/url"
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

// BeSentBackForResponseType matches a browser that brings its client the refusal
// of a response_type that nobody knows, where it does not matter which of those
// that RFC 6749 §4.1.2.1 has for it.
func BeSentBackForResponseType() types.GomegaMatcher {
	return BeSentBack("unsupported_response_type", "unauthorized_client", "invalid_request")
}

// wrongResponse tells what every authorization response must be and this one is not.
func wrongResponse(r Redirect) string {
	uri := r.sent.Get("redirect_uri")
	for name, values := range r.Params {
		if len(values) > 1 {
			return "it has " + name + " twice (RFC 6749 §3.1)"
		}
	}
	switch state, told := r.sent.Get("state"), r.Params.Has("state"); {
	case !leadsTo(r.To, uri):
		return "it does not go to the redirect_uri of the request, " + uri
	case !r.handed && r.Mode != ModeFormPost && r.Status != http.StatusFound && r.Status != http.StatusSeeOther:
		return fmt.Sprintf("the status is %d, not 302 or 303", r.Status)
	case len(r.sent["state"]) > 1: // which of them?
		return ""
	case !told && state != "" || state != r.Params.Get("state"): // whether it may be there empty belongs to its own checks
		return fmt.Sprintf("its state is %q, the request's %q", r.Params["state"], state)
	}
	return ""
}

// leadsTo tells that a browser which is sent somewhere gets to a redirect URI: to
// its address, with its query, which RFC 6749 §3.1.2 has kept but not in its place.
func leadsTo(to, uri string) bool {
	if uri == "" {
		return true
	}
	to, _, _ = strings.Cut(to, "#")
	toBase, toQuery, _ := strings.Cut(to, "?")
	base, query, _ := strings.Cut(uri, "?")
	got, err := url.ParseQuery(toQuery)
	kept, errOfOwn := url.ParseQuery(query)
	if err != nil || errOfOwn != nil { // no form, to be compared as it stands
		return toBase == base && strings.HasPrefix(toQuery, query)
	}
	if toBase != base {
		return false
	}
	for name, values := range kept {
		for _, value := range values {
			if !slices.Contains(got[name], value) {
				return false
			}
		}
	}
	return true
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
		}
		return ""
	})
}
