package fault

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
)

// grantForm is a request's form; empty for one that is no POST of a form.
func grantForm(h *Heard) url.Values {
	if !h.IsForm() {
		return url.Values{}
	}
	return h.Form()
}

// noteRequest keeps what a request said, and of which client, for the fault's
// own Say: by then the endpoint has read the body.
func noteRequest(h *Heard) {
	form := grantForm(h)
	for _, name := range []string{"grant_type", "scope", "username", "password", "refresh_token", "token"} {
		if form.Has(name) {
			h.Notes[name] = form.Get(name)
		}
	}
	h.Notes["client"] = h.ClientID()
}

// dropParameter keeps a parameter of a form from the provider.
func dropParameter(h *Heard, name string) {
	if form := grantForm(h); form.Has(name) {
		form.Del(name)
		h.SetForm(form)
	}
}

// dropGrant makes a grant one that no provider knows.
func dropGrant(h *Heard, grant string) {
	form := grantForm(h)
	if form.Get("grant_type") == grant {
		form.Set("grant_type", "urn:example:unheard-of:"+grant)
		h.SetForm(form)
	}
}

// grantError is the error code of a refusal; empty for any other answer.
func grantError(s *Said) string {
	if s.Status < http.StatusBadRequest {
		return ""
	}
	code, _ := s.Object()["error"].(string)
	return code
}

// grantMember is a string of a token response; empty for any other answer.
func grantMember(s *Said, name string) string {
	if !s.Succeeded() {
		return ""
	}
	value, _ := s.Object()[name].(string)
	return value
}

// forgeToken makes a refusal a token response. The token opens nothing: a strict
// provider issued none, and a fault can issue none for it.
func forgeToken(s *Said) {
	s.Status = http.StatusOK
	s.Header.Set("Cache-Control", "no-store")
	s.Header.Del("WWW-Authenticate")
	s.Header.Del("Retry-After")
	s.SetObject(map[string]any{"access_token": madeUp(s), "token_type": "Bearer", "expires_in": 3600})
}

// madeUp is a token's value that no provider issued, the same for the same request.
func madeUp(s *Said) string {
	return fmt.Sprintf("made-up-%x", sha256.Sum256([]byte(fmt.Sprint(s.Heard.Notes))))
}
