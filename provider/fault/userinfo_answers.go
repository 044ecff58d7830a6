package fault

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

func userInfoAnswers() []Fault {
	return slices.Concat(
		advised(usesNoClaim,
			&UserInfoWithoutSubject, &UserInfoSubjectIsNumber, &UserInfoAsList, &UserInfoAsPage, &UserInfoEmpty, &UserInfoCutShort,
			&UserInfoSignedByStranger, &UserInfoUnsigned, &UserInfoOfAnotherIssuer, &UserInfoForAnother),
		advised("reports that the claims are missing, and lets its caller decide about the login",
			&UserInfoUnavailable, &UserInfoInternalError, &UserInfoDropped, &UserInfoDelayed),
		advised(oneNewToken, &UserInfoRefusesAll),
		advised("sends its token to no host that it does not know, and does without the claims", &UserInfoDistributed),
		advised("bounds what it reads, or takes claims of any size", &UserInfoLarge),
		advised("follows no redirect with its token, and reports the status", &UserInfoRedirectedElsewhere),
	)
}

// UserInfoWithoutSubject does not say whose claims they are.
var UserInfoWithoutSubject = Fault{
	Name: "userinfo_without_subject", Clause: "OpenID Connect Core §5.3.2", At: []string{UserInfo},
	Says: "leaves sub out at userinfo",
	Sign: func(s *Signing) { delete(s.Claims, "sub") },
	Say:  editServed(func(claims map[string]any) { delete(claims, "sub") }),
}

// UserInfoSubjectIsNumber says sub as a number.
var UserInfoSubjectIsNumber = Fault{
	Name: "userinfo_subject_is_number", Clause: "OpenID Connect Core §5.1", At: []string{UserInfo},
	Says: "says sub as a number at userinfo",
	Say:  editServed(func(claims map[string]any) { claims["sub"] = 248289761001 }),
}

// UserInfoAsList answers an array.
var UserInfoAsList = Fault{
	Name: "userinfo_as_list", Clause: "OpenID Connect Core §5.3.2", At: []string{UserInfo},
	Says: "answers userinfo in an array of one",
	Say:  editText(func(body []byte) []byte { return slices.Concat([]byte("["), body, []byte("]")) }),
}

// UserInfoAsPage answers a page.
var UserInfoAsPage = Fault{
	Name: "userinfo_as_page", Clause: "OpenID Connect Core §5.3.2", At: []string{UserInfo},
	Says: "answers 200 and a page at userinfo",
	Wire: instead(http.StatusOK, aPage, "Content-Type", "text/html; charset=utf-8"),
}

// UserInfoEmpty answers nothing.
var UserInfoEmpty = Fault{
	Name: "userinfo_empty", Clause: "OpenID Connect Core §5.3.2", At: []string{UserInfo},
	Says: "answers 200 and an empty body at userinfo",
	Say:  replaceText(""),
}

// UserInfoCutShort ends in the middle, as if that were all.
var UserInfoCutShort = Fault{
	Name: "userinfo_cut_short", Clause: "OpenID Connect Core §5.3.2", At: []string{UserInfo},
	Says: "sends the first half of the claims at userinfo, and says that it is the whole",
	Say:  editText(half),
}

// UserInfoSignedByStranger signs with a key that is not published.
var UserInfoSignedByStranger = Fault{
	Name: "userinfo_signed_by_stranger", Clause: "OpenID Connect Core §5.3.2", At: []string{UserInfo},
	Says: "signs its answers at userinfo with a key that it does not publish",
	Sign: func(s *Signing) { s.Foreign = true },
}

// UserInfoUnsigned answers a JWT without a signature.
var UserInfoUnsigned = Fault{
	Name: "userinfo_unsigned", Clause: "RFC 8725 §3.1", At: []string{UserInfo},
	Says: "answers userinfo as a JWT with alg none, where it is to be signed",
	Sign: func(s *Signing) { s.Header["alg"], s.Unsigned = "none", true },
}

// UserInfoOfAnotherIssuer signs in the name of another.
var UserInfoOfAnotherIssuer = Fault{
	Name: "userinfo_of_another_issuer", Clause: "OpenID Connect Core §5.3.2", At: []string{UserInfo},
	Says: "names another issuer in its signed answers at userinfo",
	Sign: func(s *Signing) { s.Claims["iss"] = "https://issuer.example" },
}

// UserInfoForAnother signs an answer for another client.
var UserInfoForAnother = Fault{
	Name: "userinfo_for_another", Clause: "OpenID Connect Core §5.3.2", At: []string{UserInfo},
	Says: "names another client in aud of its signed answers at userinfo",
	Sign: func(s *Signing) { s.Claims["aud"] = "another-client" },
}

// UserInfoUnavailable is down.
var UserInfoUnavailable = Fault{
	Name: "userinfo_unavailable", Clause: "RFC 9110 §15.6.4", At: []string{UserInfo},
	Says: "answers 503 at userinfo",
	Wire: page(http.StatusServiceUnavailable, "Retry-After", "2"),
}

// UserInfoInternalError breaks.
var UserInfoInternalError = Fault{
	Name: "userinfo_internal_error", Clause: "RFC 9110 §15.6.1", At: []string{UserInfo},
	Says: "answers 500 at userinfo",
	Wire: page(http.StatusInternalServerError),
}

// UserInfoDropped hangs up.
var UserInfoDropped = Fault{
	Name: "userinfo_dropped", Clause: "RFC 9112 §9.6", At: []string{UserInfo},
	Says: "closes the connection when it is asked for userinfo",
	Wire: Drop(),
}

// UserInfoDelayed takes its time, by the provider's clock.
var UserInfoDelayed = Fault{
	Name: "userinfo_delayed", Clause: "RFC 9110 §15.6.5", At: []string{UserInfo},
	Says: "answers userinfo after two minutes",
	Wire: Delay(2 * time.Minute),
}

// UserInfoRefusesAll finds no token good.
var UserInfoRefusesAll = Fault{
	Name: "userinfo_refuses_all", Clause: "OpenID Connect Core §5.3.3", At: []string{UserInfo},
	Says: "refuses every token at userinfo with 401 invalid_token",
	Wire: refusing(http.StatusUnauthorized, "invalid_token", "WWW-Authenticate", `Bearer error="invalid_token"`),
}

// UserInfoDistributed says that the claims are elsewhere, with a token or without.
var UserInfoDistributed = Fault{
	Name: "userinfo_distributed", Clause: "OpenID Connect Core §5.6.2", At: []string{UserInfo},
	Says: "names https://elsewhere.example as the source of claims at userinfo",
	Say: editServed(func(claims map[string]any) {
		claims["_claim_names"] = map[string]any{"credit_score": "bank", "address": "post"}
		claims["_claim_sources"] = map[string]any{
			"bank": map[string]any{"endpoint": "https://elsewhere.example/claims"},
			"post": map[string]any{"JWT": idTokenOfNobody},
		}
	}),
}

// UserInfoLarge tells a lot.
var UserInfoLarge = Fault{
	Name: "userinfo_large", Clause: "OpenID Connect Core §5.3.2", At: []string{UserInfo},
	Says: "tells 1 MB of groups at userinfo",
	Say: editServed(func(claims map[string]any) {
		claims["groups"] = strings.Split(strings.Repeat("a group with a name that is long enough λ 😀,", 20000), ",")
	}),
}

// UserInfoRedirectedElsewhere sends a token to another host.
var UserInfoRedirectedElsewhere = Fault{
	Name: "userinfo_redirected_elsewhere", Clause: "RFC 6750 §5.3", At: []string{UserInfo},
	Says: "answers 302 at userinfo, to https://elsewhere.example",
	Wire: redirectedTo(http.StatusFound, elsewhere),
}
