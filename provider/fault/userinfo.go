package fault

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// userInfo is what providers do wrong at userinfo.
func userInfo() []Fault {
	return slices.Concat(
		advised("asks by GET, with the token in the Authorization header", &UserInfoByGetOnly, &UserInfoFormFails),
		advised(usesNoClaim, &UserInfoOtherSubject, &UserInfoNeverSigned, &UserInfoForNobody),
		advised("follows no redirect with its token, and reports the status", &UserInfoSendsToLogin),
		advised("reports the refusal, after at most one new token", &UserInfoForbids),
		advised(lenient, &UserInfoForAnyToken),
		advised("asks from its server, where CORS does not matter", &UserInfoForItsOwnPages),
		advised("does without the claims", &ScopeClaimsUntold),
		advised("takes no string for a boolean or a number", &ClaimsAsStrings),
		advised(nullIsMissing, &ClaimsAsNull),
	)
}

// byGetOnly refuses every other method.
func byGetOnly(s *Said) {
	if s.Heard.Notes["method"] != http.MethodGet {
		s.Refuse(http.StatusMethodNotAllowed, "invalid_request")
		s.Header.Set("Allow", http.MethodGet)
	}
}

func noteMethod(h *Heard) { h.Notes["method"] = h.Request.Method }

// UserInfoByGetOnly takes no POST.
var UserInfoByGetOnly = Fault{
	Name: "userinfo_by_get_only", Clause: "OpenID Connect Core §5.3.1", At: []string{UserInfo},
	Says: "answers userinfo by GET only",
	Hear: noteMethod,
	Say:  byGetOnly,
}

// UserInfoFormFails breaks when the token is in a form.
var UserInfoFormFails = Fault{
	Name: "userinfo_form_fails", Clause: "RFC 6750 §2.2", At: []string{UserInfo},
	Says: "fails with 500 when the token for userinfo is in a form",
	Hear: func(h *Heard) { h.Notes["in form"] = grantForm(h).Get("access_token") },
	Say:  refuseNoted("in form", http.StatusInternalServerError, "server_error"),
}

// UserInfoOtherSubject knows a user by another sub at userinfo than in ID tokens.
var UserInfoOtherSubject = Fault{
	Name: "userinfo_other_subject", Clause: "OpenID Connect Core §5.3.2", At: []string{UserInfo},
	Says: "names another sub at userinfo than in ID tokens",
	Say:  editServed(func(claims map[string]any) { claims["sub"] = fmt.Sprintf("user:%v", claims["sub"]) }),
}

// UserInfoSendsToLogin takes an API client for a browser, as some frameworks do by default.
var UserInfoSendsToLogin = Fault{
	Name: "userinfo_sends_to_login", Clause: "OpenID Connect Core §5.3.3", At: []string{UserInfo},
	Says: "sends whoever has no good token for userinfo to a login page, by 302",
	Say: func(s *Said) {
		if s.Status == http.StatusUnauthorized {
			s.Redirect("/login", nil)
			s.Status = http.StatusFound
		}
	},
}

// UserInfoForbids answers every refusal with 403.
var UserInfoForbids = Fault{
	Name: "userinfo_forbids", Clause: "RFC 6750 §3.1", At: []string{UserInfo},
	Says: "answers a token that is no good for userinfo with 403 and no challenge",
	Say: func(s *Said) {
		if s.Status == http.StatusUnauthorized {
			s.Refuse(http.StatusForbidden, "access_denied")
		}
	},
}

// UserInfoForAnyToken does not look at the scope.
var UserInfoForAnyToken = Fault{
	Name: "userinfo_for_any_token", Clause: "OpenID Connect Core §5.3.1", At: []string{UserInfo},
	Says: "tells a sub to any access token, also without openid and without a user",
	Say: func(s *Said) {
		if strings.Contains(s.Header.Get("WWW-Authenticate"), "insufficient_scope") {
			s.Header.Del("WWW-Authenticate")
			s.Status = http.StatusOK
			s.SetObject(map[string]any{"sub": "somebody"})
		}
	},
}

// UserInfoNeverSigned answers JSON to clients that registered for a JWT.
var UserInfoNeverSigned = Fault{
	Name: "userinfo_never_signed", Clause: "OpenID Connect Core §5.3.2", At: []string{UserInfo},
	Says: "answers userinfo in plain JSON, also to a client that registered for a signed answer",
	Say: func(s *Said) {
		encoded, _ := claimsOf(string(s.Body))
		claims, err := base64.RawURLEncoding.DecodeString(encoded)
		var object map[string]any
		if s.Succeeded() && err == nil && json.Unmarshal(claims, &object) == nil {
			s.SetObject(object)
		}
	},
}

// UserInfoForNobody does not say for whom a signed answer is.
var UserInfoForNobody = Fault{
	Name: "userinfo_for_nobody", Clause: "OpenID Connect Core §5.3.2", At: []string{UserInfo},
	Says: "leaves aud out of its signed answers at userinfo",
	Sign: func(s *Signing) { delete(s.Claims, "aud") },
}

// UserInfoForItsOwnPages lets the pages of one origin read userinfo, and no others.
var UserInfoForItsOwnPages = Fault{
	Name: "userinfo_for_its_own_pages", Clause: "OpenID Connect Core §5.3.1", At: []string{UserInfo},
	Says: "lets pages of other origins not read its answers at userinfo",
	Say:  func(s *Said) { s.Header.Set("Access-Control-Allow-Origin", "https://account.example.com") },
}

// ScopeClaimsUntold knows no claim but sub.
var ScopeClaimsUntold = Fault{
	Name: "scope_claims_untold", Clause: "OpenID Connect Core §5.4", At: []string{UserInfo},
	Says: "tells sub only at userinfo, whatever scopes were granted",
	Say: editServed(func(claims map[string]any) {
		for name := range claims {
			if name != "sub" {
				delete(claims, name)
			}
		}
	}),
}

// ClaimsAsStrings says every claim as a string, as a database or a SAML bridge has them.
var ClaimsAsStrings = Fault{
	Name: "claims_as_strings", Clause: "OpenID Connect Core §5.1", At: []string{UserInfo},
	Says: "says email_verified, updated_at and the like as strings",
	Say: editServed(func(claims map[string]any) {
		for name, value := range claims {
			switch value.(type) {
			case bool, json.Number:
				claims[name] = fmt.Sprint(value)
			}
		}
	}),
}

// ClaimsAsNull names the claims that a user does not have.
var ClaimsAsNull = Fault{
	Name: "claims_as_null", Clause: "OpenID Connect Core §5.3.2", At: []string{UserInfo},
	Says: "says null for the claims that a user does not have",
	Say: editServed(func(claims map[string]any) {
		for _, name := range []string{"website", "https://claims.example/department"} {
			if claims[name] == nil {
				claims[name] = nil
			}
		}
	}),
}
