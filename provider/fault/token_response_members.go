package fault

import (
	"slices"
	"strings"
)

func tokenResponseMembers() []Fault {
	return slices.Concat(
		advised(refusesAnswer, &AccessTokenMissing, &AccessTokenNull, &AccessTokenIsNumber, &AccessTokenIsObject, &ErrorBesideToken),
		advised("refuses the token, and sends no header that it would split", &AccessTokenWithSpace, &AccessTokenWithLineBreak),
		advised("takes a token of any size, or refuses it whole, and cuts nothing off", &AccessTokenLarge),
		advised("sends the token as it came, byte for byte", &AccessTokenOfAllCharacters),
		advised("compares token types without regard to case, and writes Bearer", &TokenTypeLower, &TokenTypeUpper),
		advised(knowsNoType, &TokenTypeMAC, &TokenTypeDPoP, &TokenTypeNotApplicable, &TokenTypeNull),
		advised("takes it for no refresh token at all", &RefreshTokenNull, &RefreshTokenEmpty),
		advised("checks it as any other ID token, or ignores it", &IDTokenUnasked),
		advised("ignores members that it does not know, and keeps them out of its own fields", &MembersUnknown, &MembersPoisonous),
		advised("asks the user anew when the token ends: it did not keep the password", &RefreshTokenWithheld),
	)
}

// AccessTokenMissing grants nothing that could be used.
var AccessTokenMissing = Fault{
	Name: "access_token_missing", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "leaves out access_token",
	Say:  leavesOutMember("access_token"),
}

// AccessTokenNull grants null.
var AccessTokenNull = Fault{
	Name: "access_token_null", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "says null for access_token",
	Say:  saysMember("access_token", nil),
}

// AccessTokenIsNumber grants a number.
var AccessTokenIsNumber = Fault{
	Name: "access_token_is_number", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "says a number for access_token",
	Say:  saysMember("access_token", 1234567890),
}

// AccessTokenIsObject grants a token in an object.
var AccessTokenIsObject = Fault{
	Name: "access_token_is_object", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "puts the access token in an object",
	Say: editServed(func(object map[string]any) {
		object["access_token"] = map[string]any{"value": object["access_token"]}
	}),
}

// ErrorBesideToken grants and refuses in one.
var ErrorBesideToken = Fault{
	Name: "error_beside_token", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "says error invalid_request beside the access token",
	Say:  saysMember("error", "invalid_request"),
}

// AccessTokenWithSpace grants a token that would be two words of a header.
var AccessTokenWithSpace = Fault{
	Name: "access_token_with_space", Clause: "RFC 6750 §2.1", At: []string{Token},
	Says: "puts a space and a quote in its access tokens",
	Say:  func(s *Said) { editToken(s, func(token string) string { return token + ` "` }) },
}

// AccessTokenWithLineBreak grants a token that would be two headers.
var AccessTokenWithLineBreak = Fault{
	Name: "access_token_with_line_break", Clause: "RFC 6749 App. A.12", At: []string{Token},
	Says: "puts a line break and a header in its access tokens",
	Say:  func(s *Said) { editToken(s, func(token string) string { return token + "\r\nX-Injected: yes" }) },
}

// AccessTokenLarge grants tokens of some 16 kB, which are good.
var AccessTokenLarge = Fault{
	Name: "access_token_large", Clause: "RFC 6749 §1.4", At: []string{Token},
	Says: "issues JWT access tokens of 16 kB",
	Sign: func(s *Signing) {
		if s.Kind == "access_token" {
			s.Claims["padding"] = strings.Repeat("large ", 2000)
		}
	},
}

// allCharacters are those of b64token beyond letters and digits (RFC 6750 §2.1).
const allCharacters = "-._~+/=="

// AccessTokenOfAllCharacters grants tokens with every character that a bearer token may have, which are good.
var AccessTokenOfAllCharacters = Fault{
	Name: "access_token_of_all_characters", Clause: "RFC 6750 §2.1", At: []string{Token, UserInfo, Introspection, Revocation, Verify, Resource},
	Says: "issues access tokens with every character that they may have",
	Hear: func(h *Heard) {
		if token, ok := strings.CutSuffix(bearerOf(h), allCharacters); ok {
			h.Request.Header.Set("Authorization", "Bearer "+token)
		}
		for _, name := range []string{"token", "access_token"} {
			if token, ok := strings.CutSuffix(grantForm(h).Get(name), allCharacters); ok {
				form := grantForm(h)
				form.Set(name, token)
				h.SetForm(form)
			}
		}
	},
	Say: func(s *Said) { editToken(s, func(token string) string { return token + allCharacters }) },
}

// TokenTypeLower writes bearer small, which is the same (RFC 6749 §5.1).
var TokenTypeLower = Fault{
	Name: "token_type_lower", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "writes the token_type bearer in lower case",
	Say:  saysMember("token_type", "bearer"),
}

// TokenTypeUpper writes bearer large, which is the same.
var TokenTypeUpper = Fault{
	Name: "token_type_upper", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "writes the token_type BEARER in upper case",
	Say:  saysMember("token_type", "BEARER"),
}

// TokenTypeMAC calls its tokens what a draft of old had.
var TokenTypeMAC = Fault{
	Name: "token_type_mac", Clause: "RFC 6749 §7.1", At: []string{Token},
	Says: "answers the token_type mac, and no key for it",
	Say:  saysMember("token_type", "mac"),
}

// TokenTypeDPoP calls its tokens bound to a key that the client never showed.
var TokenTypeDPoP = Fault{
	Name: "token_type_dpop", Clause: "RFC 9449 §5", At: []string{Token},
	Says: "answers the token_type DPoP to a request without a proof",
	Say:  saysMember("token_type", "DPoP"),
}

// TokenTypeNotApplicable says that what it grants is no access token.
var TokenTypeNotApplicable = Fault{
	Name: "token_type_not_applicable", Clause: "RFC 8693 §2.2.1", At: []string{Token},
	Says: "answers the token_type N_A, which is for other tokens than access tokens",
	Say:  saysMember("token_type", "N_A"),
}

// TokenTypeNull says null for the token type.
var TokenTypeNull = Fault{
	Name: "token_type_null", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "says null for token_type",
	Say:  saysMember("token_type", nil),
}

// RefreshTokenNull says that there is none, in its way.
var RefreshTokenNull = Fault{
	Name: "refresh_token_null", Clause: "RFC 6749 App. A.17", At: []string{Token},
	Says: "says null for refresh_token",
	Say:  saysMember("refresh_token", nil),
}

// RefreshTokenEmpty says that there is none, in its way.
var RefreshTokenEmpty = Fault{
	Name: "refresh_token_empty", Clause: "RFC 6749 App. A.17", At: []string{Token},
	Says: "answers an empty refresh_token",
	Say:  saysMember("refresh_token", ""),
}

// RefreshTokenWithheld grants no refresh token, as it may.
var RefreshTokenWithheld = Fault{
	Name: "refresh_token_withheld", Clause: "RFC 6749 §1.5", At: []string{Token},
	Says: "answers no refresh token to a client that may refresh",
	Say:  leavesOutMember("refresh_token"),
}

// IDTokenUnasked adds an ID token of nobody's to an answer.
var IDTokenUnasked = Fault{
	Name: "id_token_unasked", Clause: "OpenID Connect Core §3.1.3.3", At: []string{Token},
	Says: "adds an unsigned ID token of nobody to an answer without one",
	Say: editServed(func(object map[string]any) {
		if object["id_token"] == nil {
			object["id_token"] = idTokenOfNobody
		}
	}),
}

// MembersUnknown adds members of every kind, which a client is to ignore.
var MembersUnknown = Fault{
	Name: "members_unknown", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "adds members of every kind, among them an array 100 levels deep",
	Say: editServed(func(object map[string]any) {
		var deep any = "ground"
		for range 100 {
			deep = []any{deep}
		}
		object["x_deep"], object["x_object"], object["x_null"], object["x_text"] = deep, map[string]any{"a": []any{1, nil, false}}, nil, "λ € 😀"
	}),
}

// MembersPoisonous adds members with the names of what languages and libraries have of their own.
var MembersPoisonous = Fault{
	Name: "members_poisonous", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "adds members called __proto__, constructor, expiry, raw and the like, and error null",
	Say: editServed(func(object map[string]any) {
		for _, name := range []string{"__proto__", "constructor", "toString", "expiry", "raw", "client_secret"} {
			object[name] = map[string]any{"access_token": "poison"}
		}
		object["error"] = nil
	}),
}
