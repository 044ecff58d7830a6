package fault

import (
	"net/http"
	"net/url"
	"slices"
)

func code() []Fault {
	return slices.Concat(
		advised(noOtherGrant, &AuthorizationCodeDropped),
		advised(lenient,
			&CodeReusable, &TokensSurviveReplay, &CodeLivesTooLong, &ForeignCodeServed, &ClientTakenFromCode, &RedirectURINotCompared,
		),
		advised("starts the login anew, and does not redeem the code again", &BadCodeMiscoded),
		advised("repeats the redirect_uri of its authorization request", &RedirectURIDemanded),
	)
}

// What is remembered of a code.
const (
	clientOfCode   = "client of code "
	redirectOfCode = "redirect of code "
)

// shownCode is the code of a request that redeems one; empty for any other.
func shownCode(h *Heard) string {
	form := grantForm(h)
	if h.Endpoint != Token || form.Get("grant_type") != "authorization_code" {
		return ""
	}
	return form.Get("code")
}

// rememberCode keeps for whom a code is, as its request said.
func rememberCode(s *Said) {
	_, parameters := s.Redirection()
	if issued := parameters.Get("code"); s.Heard.Endpoint == Authorization && issued != "" {
		s.Heard.Memory.Remember(clientOfCode+issued, s.Heard.Notes["client_id"])
		s.Heard.Memory.Remember(redirectOfCode+issued, s.Heard.Notes["redirect_uri"])
	}
}

// AuthorizationCodeDropped does not know the authorization_code grant.
var AuthorizationCodeDropped = Fault{
	Name: "authorization_code_dropped", Clause: "RFC 6749 §4.1", At: []string{Token},
	Says: "refuses authorization_code as unsupported, though its metadata lists it",
	Hear: func(h *Heard) { dropGrant(h, "authorization_code") },
}

// noteReplay notes the code of a request, and whether it came before.
func noteReplay(h *Heard) {
	noteRequest(h)
	shown := shownCode(h)
	if _, again := h.Memory.Recall("seen " + shown); again {
		h.Notes["replay"] = shown
	}
	if shown != "" {
		h.Memory.Remember("seen "+shown, "")
		h.Notes["code"] = shown
	}
}

// CodeReusable does not spend a code.
var CodeReusable = Fault{
	Name: "code_reusable", Clause: "RFC 6749 §4.1.2", At: []string{Token},
	Says: "serves a code that was redeemed already",
	Hear: noteReplay,
	Say: func(s *Said) {
		if s.Heard.Notes["replay"] != "" && grantError(s) == "invalid_grant" {
			forgeToken(s)
		}
	},
}

// TokensSurviveReplay lets a thief keep what a stolen code gave.
var TokensSurviveReplay = Fault{
	Name: "tokens_survive_replay", Clause: "RFC 9700 §4.5", At: []string{Token},
	Says: "refuses a code that was redeemed, and lets live what it gave",
	Hear: func(h *Heard) {
		noteReplay(h)
		if h.Notes["replay"] != "" {
			h.EditForm(func(form url.Values) { form.Set("code", "spent-"+form.Get("code")) })
		}
	},
}

// CodeLivesTooLong has codes for a quarter of an hour and more, as fosite's default has it.
var CodeLivesTooLong = Fault{
	Name: "code_lives_too_long", Clause: "RFC 6749 §4.1.2", At: []string{Token},
	Says: "serves a code however old it is",
	Hear: noteReplay,
	Say: func(s *Said) {
		if s.Heard.Notes["code"] != "" && s.Heard.Notes["replay"] == "" && grantError(s) == "invalid_grant" {
			forgeToken(s)
		}
	},
}

// BadCodeMiscoded takes a code that is no good for a malformed request; plain fosite does an expired one.
var BadCodeMiscoded = Fault{
	Name: "bad_code_miscoded", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "refuses a code that is no good with invalid_request",
	Hear: noteReplay,
	Say: func(s *Said) {
		if s.Heard.Notes["code"] != "" && grantError(s) == "invalid_grant" {
			s.Refuse(http.StatusBadRequest, "invalid_request")
		}
	},
}

// ForeignCodeServed does not ask whose a code is.
var ForeignCodeServed = Fault{
	Name: "foreign_code_served", Clause: "RFC 6749 §4.1.3", At: []string{Authorization, Token},
	Says: "serves a code to another client than its own",
	Hear: func(h *Heard) {
		noteAuthorization(h)
		owner := recalled(h.Memory, clientOfCode+shownCode(h))
		if id, _, shown := credentials(h); owner != "" && shown && id != owner {
			h.Authenticate(owner)
		}
	},
	Say: rememberCode,
}

// ClientTakenFromCode knows from the code who asks.
var ClientTakenFromCode = Fault{
	Name: "client_taken_from_code", Clause: "RFC 6749 §3.2.1", At: []string{Authorization, Token},
	Says: "takes a request without client_id for one of the client that the code is for",
	Hear: func(h *Heard) {
		noteAuthorization(h)
		if owner := recalled(h.Memory, clientOfCode+shownCode(h)); owner != "" && h.ClientID() == "" {
			h.Authenticate(owner)
		}
	},
	Say: rememberCode,
}

// RedirectURINotCompared does not look at redirect_uri when a code is redeemed.
var RedirectURINotCompared = Fault{
	Name: "redirect_uri_not_compared", Clause: "RFC 6749 §4.1.3", At: []string{Authorization, Token},
	Says: "redeems a code whatever its redirect_uri",
	Hear: func(h *Heard) {
		noteAuthorization(h)
		if asked := recalled(h.Memory, redirectOfCode+shownCode(h)); asked != "" {
			h.EditForm(func(form url.Values) { form.Set("redirect_uri", asked) })
		}
	},
	Say: rememberCode,
}

// RedirectURIDemanded wants at the token endpoint what the authorization request did not have.
var RedirectURIDemanded = Fault{
	Name: "redirect_uri_demanded", Clause: "RFC 6749 §4.1.3", At: []string{Token},
	Says: "redeems no code without redirect_uri",
	Hear: func(h *Heard) {
		if shownCode(h) != "" && h.Form().Get("redirect_uri") == "" {
			h.Notes["no redirect_uri"] = "yes"
		}
	},
	Say: refuseNoted("no redirect_uri", http.StatusBadRequest, "invalid_request"),
}
