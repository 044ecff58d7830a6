package fault

import (
	"net/http"
	"slices"
	"strings"
)

func refresh() []Fault {
	return slices.Concat(
		advised("drops the refresh token, and has the user log in again", &RefreshTokensRefused, &BadRefreshTokenMiscoded),
		advised("keeps the refresh token that it has", &RefreshTokenNotRotated),
		advised("takes the scope of the answer for what it now has, and asks for no more at the next refresh", &RefreshScopeNarrowed),
		advised(lenient,
			&RefreshScopeIgnored, &RefreshTokenReusable, &FamilySurvivesReuse, &ForeignRefreshTokenServed, &RefreshTokenSurvivesUser,
			&RefreshTokenHalfChecked, &AccessTokenRefreshes,
		),
	)
}

// shownRefreshToken is the refresh token of a refresh; empty for any other request.
func shownRefreshToken(h *Heard) string {
	form := grantForm(h)
	if form.Get("grant_type") != "refresh_token" {
		return ""
	}
	return form.Get("refresh_token")
}

// showRefreshToken has the request show another refresh token.
func showRefreshToken(h *Heard, token string) {
	form := grantForm(h)
	form.Set("refresh_token", token)
	h.SetForm(form)
}

// refreshRefused tells a refresh token that was not good enough.
func refreshRefused(s *Said) bool {
	return s.Heard.Notes["refresh_token"] != "" && grantError(s) == "invalid_grant"
}

// RefreshTokensRefused issues refresh tokens that cannot be used, as plain fosite does to some clients.
var RefreshTokensRefused = Fault{
	Name: "refresh_tokens_refused", Clause: "RFC 6749 §6", At: []string{Token},
	Says: "refuses the refresh tokens that it issues",
	Hear: func(h *Heard) {
		if token := shownRefreshToken(h); token != "" {
			showRefreshToken(h, "lost-"+token)
		}
	},
}

// RefreshTokenNotRotated lets a client keep one refresh token for good.
var RefreshTokenNotRotated = Fault{
	Name: "refresh_token_not_rotated", Clause: "RFC 9700 §4.14.2", At: []string{Token},
	Says: "answers a refresh with the same refresh token, which stays good",
	Hear: func(h *Heard) {
		token := shownRefreshToken(h)
		h.Notes["shown"] = token
		if current, ok := h.Memory.Recall("current " + token); ok {
			showRefreshToken(h, current)
		}
	},
	Say: func(s *Said) {
		shown, current := s.Heard.Notes["shown"], grantMember(s, "refresh_token")
		if shown == "" || current == "" {
			return
		}
		s.Heard.Memory.Remember("current "+shown, current)
		s.Edit(func(object map[string]any) { object["refresh_token"] = shown })
	},
}

// RefreshScopeNarrowed forgets scopes of the grant when it is refreshed.
var RefreshScopeNarrowed = Fault{
	Name: "refresh_scope_narrowed", Clause: "RFC 6749 §6", At: []string{Token},
	Says: "gives a refresh without scope the first of the granted scopes only",
	Hear: func(h *Heard) {
		noteRequest(h)
		form, token := grantForm(h), shownRefreshToken(h)
		if granted, ok := h.Memory.Recall("scope of " + token); ok && form.Get("scope") == "" {
			first, _, _ := strings.Cut(granted, " ")
			form.Set("scope", first)
			h.SetForm(form)
		}
	},
	Say: func(s *Said) {
		token, scope := grantMember(s, "refresh_token"), grantMember(s, "scope")
		if scope == "" {
			scope = s.Heard.Notes["scope"]
		}
		if token != "" && scope != "" {
			s.Heard.Memory.Remember("scope of "+token, scope)
		}
	},
}

// RefreshScopeIgnored does not read scope in a refresh; plain fosite does not.
var RefreshScopeIgnored = Fault{
	Name: "refresh_scope_ignored", Clause: "RFC 6749 §6", At: []string{Token},
	Says: "ignores the scope of a refresh, also one that was never granted",
	Hear: func(h *Heard) {
		if shownRefreshToken(h) != "" {
			dropParameter(h, "scope")
		}
	},
}

// RefreshTokenReusable serves a spent refresh token once more.
var RefreshTokenReusable = Fault{
	Name: "refresh_token_reusable", Clause: "RFC 9700 §4.14.2", At: []string{Token},
	Says: "serves a refresh token that was spent already",
	Hear: noteRequest,
	Say: func(s *Said) {
		if token := grantMember(s, "refresh_token"); token != "" {
			s.Heard.Memory.Remember("issued "+token, "")
		}
		if _, issued := s.Heard.Memory.Recall("issued " + s.Heard.Notes["refresh_token"]); issued && refreshRefused(s) {
			forgeToken(s)
		}
	},
}

// FamilySurvivesReuse lets a thief keep what came of a stolen refresh token.
var FamilySurvivesReuse = Fault{
	Name: "family_survives_reuse", Clause: "RFC 9700 §4.14.2", At: []string{Token},
	Says: "refuses a spent refresh token, and lets all that came of it live",
	Hear: func(h *Heard) {
		noteRequest(h)
		token := shownRefreshToken(h)
		if _, spent := h.Memory.Recall("spent " + token); spent {
			showRefreshToken(h, "spent-"+token)
		}
	},
	Say: func(s *Said) {
		if token := s.Heard.Notes["refresh_token"]; token != "" && s.Succeeded() {
			s.Heard.Memory.Remember("spent "+token, "")
		}
	},
}

// ForeignRefreshTokenServed does not ask whose a refresh token is.
var ForeignRefreshTokenServed = Fault{
	Name: "foreign_refresh_token_served", Clause: "RFC 6749 §10.4", At: []string{Token},
	Says: "serves a refresh token to another client than its own",
	Hear: func(h *Heard) {
		noteRequest(h)
		client, _, shown := credentials(h)
		owner := recalled(h.Memory, ownerOf+shownRefreshToken(h))
		if owner != "" && shown && owner != client {
			h.Notes["client"] = owner
			h.Authenticate(owner)
		}
	},
	Say: rememberGrant,
}

// RefreshTokenSurvivesUser goes on serving the refresh tokens of users that are gone.
var RefreshTokenSurvivesUser = Fault{
	Name: "refresh_token_survives_user", Clause: "RFC 9700 §4.14.2", At: []string{Token},
	Says: "serves the refresh token of a user who was removed",
	Hear: noteRequest,
	Say: func(s *Said) {
		memory, notes := s.Heard.Memory, s.Heard.Notes
		user := notes["username"]
		if notes["refresh_token"] != "" {
			user, _ = memory.Recall("user of " + notes["refresh_token"])
		}
		if token := grantMember(s, "refresh_token"); token != "" {
			memory.Remember("user of "+token, user)
		}
		if _, known := s.Heard.Known.Password(user); user != "" && !known && refreshRefused(s) {
			forgeToken(s)
		}
	},
}

// RefreshTokenHalfChecked looks refresh tokens up by their end, and does not look at the rest.
var RefreshTokenHalfChecked = Fault{
	Name: "refresh_token_half_checked", Clause: "RFC 6749 §10.4", At: []string{Token},
	Says: "knows a refresh token by its last part, whatever stands before it",
	Hear: func(h *Heard) {
		token := shownRefreshToken(h)
		if whole, ok := h.Memory.Recall("ends in " + lastPart(token)); ok && whole != token {
			showRefreshToken(h, whole)
		}
	},
	Say: func(s *Said) {
		if token := grantMember(s, "refresh_token"); token != "" {
			s.Heard.Memory.Remember("ends in "+lastPart(token), token)
		}
	},
}

// lastPart is what follows the last dot, where a signature stands, or else a token's second half.
func lastPart(token string) string {
	if dot := strings.LastIndexByte(token, '.'); dot > 0 {
		return token[dot:]
	}
	return token[len(token)/2:]
}

// BadRefreshTokenMiscoded takes a refresh token that is no good for a malformed request, as plain fosite does a tampered one.
var BadRefreshTokenMiscoded = Fault{
	Name: "bad_refresh_token_miscoded", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "answers a refresh token that is no good with invalid_request",
	Hear: noteRequest,
	Say: func(s *Said) {
		if refreshRefused(s) {
			s.Refuse(http.StatusBadRequest, "invalid_request")
		}
	},
}

// AccessTokenRefreshes takes an access token for the refresh token that came with it.
var AccessTokenRefreshes = Fault{
	Name: "access_token_refreshes", Clause: "RFC 6749 §1.5", At: []string{Token},
	Says: "takes an access token for a refresh token",
	Hear: func(h *Heard) {
		token := shownRefreshToken(h)
		noteRequest(h)
		if sibling := recalled(h.Memory, siblingOf+token); sibling != "" && recalled(h.Memory, kindOf+token) == "access_token" {
			showRefreshToken(h, sibling)
		}
	},
	Say: rememberGrant,
}
