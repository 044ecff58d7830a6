package fault

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
)

func pkce() []Fault {
	return slices.Concat(
		advised(lenient,
			&VerifierNotChecked, &VerifierOptional, &VerifierForgottenOnFailure, &VerifierFormNotChecked, &ChallengeComparedPlainly,
			&SecretForVerifier, &VerifierWithoutChallengeServed, &PlainServed, &UnknownMethodServed, &MethodWithoutChallengeServed,
			&ChallengeFormNotChecked, &PKCEOptional,
		),
		advised("uses PKCE with S256 all the same", &ChallengeMethodsNotAdvertised),
	)
}

const (
	// ownVerifier is the verifier of the challenge that the provider gets to see
	// while a fault judges the client's.
	ownVerifier = "mockoauth-fault-own-verifier-0123456789abcdef"
	// askedChallenge carries the client's challenge through the provider's pages.
	askedChallenge = "mockoauth_fault_code_challenge"
)

func s256(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// replaceChallenge has the provider see another challenge, by S256.
func replaceChallenge(h *Heard, challenge string) {
	h.EditParameters(func(parameters url.Values) {
		parameters.Set(askedChallenge, parameters.Get("code_challenge"))
		parameters.Set("code_challenge", challenge)
		parameters.Set("code_challenge_method", "S256")
	})
}

// arrives tells an authorization request as the client made it, not as one of the
// provider's pages sends it back.
func arrives(h *Heard) bool {
	return h.Endpoint == Authorization && !h.Parameters().Has(askedChallenge) && !h.Parameters().Has("action")
}

// judgeVerifier takes the judgement of verifiers from the provider: judge does it.
func judgeVerifier(judge func(h *Heard, challenge, verifier string) bool) func(*Heard) {
	return func(h *Heard) {
		if arrives(h) && h.Parameters().Get("code_challenge") != "" {
			replaceChallenge(h, s256(ownVerifier))
		}
		if h.Endpoint == Authorization {
			h.Notes["challenge"] = h.Parameters().Get(askedChallenge)
			return
		}
		challenge := recalled(h.Memory, "challenge of "+shownCode(h))
		if challenge == "" {
			return
		}
		form := h.Form()
		switch verifier := form.Get("code_verifier"); {
		case judge(h, challenge, verifier):
			form.Set("code_verifier", ownVerifier)
		case verifier != "":
			form.Set("code_verifier", "not-"+ownVerifier)
		}
		h.SetForm(form)
	}
}

// rememberChallenge keeps the client's challenge of a code; empty for none.
func rememberChallenge(s *Said) {
	_, parameters := s.Redirection()
	if issued := parameters.Get("code"); s.Heard.Endpoint == Authorization && issued != "" {
		s.Heard.Memory.Remember("challenge of "+issued, s.Heard.Notes["challenge"])
	}
}

// VerifierNotChecked has PKCE in its metadata only.
var VerifierNotChecked = Fault{
	Name: "verifier_not_checked", Clause: "RFC 7636 §4.6", At: []string{Authorization, Token},
	Says: "does not look at code_verifier",
	Hear: judgeVerifier(func(*Heard, string, string) bool { return true }),
	Say:  rememberChallenge,
}

// VerifierOptional checks a verifier if there is one.
var VerifierOptional = Fault{
	Name: "verifier_optional", Clause: "RFC 9700 §4.8", At: []string{Authorization, Token},
	Says: "redeems a code that has a challenge without a verifier",
	Hear: judgeVerifier(func(_ *Heard, challenge, verifier string) bool { return verifier == "" || s256(verifier) == challenge }),
	Say:  rememberChallenge,
}

// VerifierForgottenOnFailure forgets the challenge at the first wrong verifier, and the code not; plain fosite does.
var VerifierForgottenOnFailure = Fault{
	Name: "verifier_forgotten_on_failure", Clause: "RFC 9700 §4.8", At: []string{Authorization, Token},
	Says: "redeems a code without a verifier after a wrong one was refused",
	Hear: judgeVerifier(func(h *Heard, challenge, verifier string) bool {
		if verifier == "" {
			return recalled(h.Memory, "wrong for "+shownCode(h)) != ""
		}
		right := s256(verifier) == challenge
		if !right {
			h.Memory.Remember("wrong for "+shownCode(h), "yes")
		}
		return right
	}),
	Say: rememberChallenge,
}

// VerifierFormNotChecked takes a verifier that is too short to be a secret.
var VerifierFormNotChecked = Fault{
	Name: "verifier_form_not_checked", Clause: "RFC 7636 §4.1", At: []string{Authorization, Token},
	Says: "takes a code_verifier of any length and characters",
	Hear: judgeVerifier(func(_ *Heard, challenge, verifier string) bool { return s256(verifier) == challenge }),
	Say:  rememberChallenge,
}

// ChallengeComparedPlainly knows plain only, whatever the method.
var ChallengeComparedPlainly = Fault{
	Name: "challenge_compared_plainly", Clause: "RFC 7636 §4.6", At: []string{Authorization, Token},
	Says: "compares code_verifier with an S256 challenge as it is",
	Hear: judgeVerifier(func(_ *Heard, challenge, verifier string) bool { return verifier == challenge }),
	Say:  rememberChallenge,
}

// SecretForVerifier trusts the secret of a client that can keep none.
var SecretForVerifier = Fault{
	Name: "secret_for_verifier", Clause: "RFC 8252 §8.4", At: []string{Authorization, Token},
	Says: "takes the secret of a public client, whatever it is, in place of a verifier",
	Hear: func(h *Heard) {
		secret := grantForm(h).Get("client_secret")
		if known, ok := h.Known.Secret(h.ClientID()); ok && known == "" && secret != "" {
			dropParameter(h, "client_secret")
		}
		judgeVerifier(func(_ *Heard, challenge, verifier string) bool { return secret != "" || s256(verifier) == challenge })(h)
	},
	Say: rememberChallenge,
}

// VerifierWithoutChallengeServed lets an attacker take the challenge out of the request.
var VerifierWithoutChallengeServed = Fault{
	Name: "verifier_without_challenge_served", Clause: "RFC 9700 §4.8", At: []string{Authorization, Token},
	Says: "ignores the verifier of a code that has no challenge",
	Hear: func(h *Heard) {
		if h.Endpoint == Authorization {
			h.Notes["challenge"] = h.Parameters().Get("code_challenge")
		} else if challenge, known := h.Memory.Recall("challenge of " + shownCode(h)); known && challenge == "" {
			dropParameter(h, "code_verifier")
		}
	},
	Say: rememberChallenge,
}

// PlainServed takes the method plain, which is also what a missing one means.
var PlainServed = Fault{
	Name: "plain_served", Clause: "RFC 9700 §2.1.1", At: []string{Authorization},
	Says: "takes the code_challenge_method plain, and none for plain, without saying so",
	Hear: func(h *Heard) {
		parameters := h.Parameters()
		method := parameters.Get("code_challenge_method")
		if arrives(h) && parameters.Get("code_challenge") != "" && (method == "" || method == "plain") {
			replaceChallenge(h, s256(parameters.Get("code_challenge")))
		}
	},
}

// UnknownMethodServed takes any method for S256.
var UnknownMethodServed = Fault{
	Name: "unknown_method_served", Clause: "RFC 7636 §4.4.1", At: []string{Authorization},
	Says: "takes a code_challenge_method that it does not know for S256",
	Hear: func(h *Heard) {
		if method := h.Parameters().Get("code_challenge_method"); method != "" && method != "plain" && method != "S256" {
			h.EditParameters(func(parameters url.Values) { parameters.Set("code_challenge_method", "S256") })
		}
	},
}

// MethodWithoutChallengeServed takes half of PKCE for none; plain fosite does.
var MethodWithoutChallengeServed = Fault{
	Name: "method_without_challenge_served", Clause: "RFC 7636 §4.3", At: []string{Authorization},
	Says: "ignores a code_challenge_method without a code_challenge",
	Hear: func(h *Heard) {
		if h.Parameters().Get("code_challenge") == "" && h.Parameters().Has("code_challenge_method") {
			h.EditParameters(func(parameters url.Values) { parameters.Del("code_challenge_method") })
		}
	},
}

// ChallengeFormNotChecked takes a challenge that no verifier fits; plain fosite does.
var ChallengeFormNotChecked = Fault{
	Name: "challenge_form_not_checked", Clause: "RFC 7636 §4.2", At: []string{Authorization},
	Says: "takes a code_challenge of any length and characters",
	Hear: func(h *Heard) {
		challenge := h.Parameters().Get("code_challenge")
		digest, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimSpace(challenge))
		if arrives(h) && challenge != "" && (err != nil || len(digest) != sha256.Size) {
			replaceChallenge(h, s256(ownVerifier))
		}
	},
}

// PKCEOptional lets every client do without PKCE; plain fosite does unless told otherwise.
var PKCEOptional = Fault{
	Name: "pkce_optional", Clause: "RFC 9700 §2.1.1", At: []string{Authorization},
	Says: "serves an authorization request without PKCE, also of a public client",
	Hear: func(h *Heard) {
		parameters := h.Parameters()
		if arrives(h) && parameters.Get("code_challenge") == "" && !parameters.Has("code_challenge_method") {
			replaceChallenge(h, s256(ownVerifier))
		}
	},
}

// ChallengeMethodsNotAdvertised does PKCE and does not say so, whereupon clients leave it.
var ChallengeMethodsNotAdvertised = Fault{
	Name: "challenge_methods_not_advertised", Clause: "RFC 8414 §2", At: []string{Metadata, Discovery},
	Says: "does PKCE and does not advertise it",
	Say:  editServed(func(document map[string]any) { delete(document, "code_challenge_methods_supported") }),
}
