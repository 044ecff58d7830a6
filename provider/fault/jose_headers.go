package fault

import (
	"slices"
	"strings"
)

func joseHeaders() []Fault {
	return slices.Concat(
		advised("tries the published keys that fit alg, or refuses the token", &AccessTokenWithoutKeyID),
		advised(refusesToken, &KeyIDIsNumber, &CriticalHeader, &AlgorithmMissing, &AlgorithmFolded, &AlgorithmPadded, &AlgorithmNoneFolded,
			&AlgorithmOfAnotherKey),
		advised("fetches no key from where a token says, and refuses the token", &KeySetURLHeader, &CertificateURLHeader, &EmbeddedKeyHeader),
		advised(resourceRefuses, &AccessTokenWithoutType),
		advised("refuses the ID token: another kind of token is none", &IDTokenTypedAccessToken),
	)
}

// signAccessToken acts on access tokens only.
func signAccessToken(act func(*Signing)) func(*Signing) {
	return func(s *Signing) {
		if s.Kind == "access_token" {
			act(s)
		}
	}
}

// AccessTokenWithoutKeyID lets resources guess the key.
var AccessTokenWithoutKeyID = Fault{
	Name: "access_token_without_key_id", Clause: "RFC 7515 §4.1.4", At: []string{Token},
	Says: "names no key in its access tokens, though it publishes several",
	Sign: signAccessToken(func(s *Signing) { delete(s.Header, "kid") }),
}

// KeyIDIsNumber numbers its keys.
var KeyIDIsNumber = Fault{
	Name: "key_id_is_number", Clause: "RFC 7515 §4.1.4", At: []string{Token},
	Says: "says kid as a number",
	Sign: func(s *Signing) { s.Header["kid"] = 1 },
}

// CriticalHeader has a header that must be understood, and is not.
var CriticalHeader = Fault{
	Name: "critical_header", Clause: "RFC 7515 §4.1.11", At: []string{Token},
	Says: "marks a header as critical that nobody knows",
	Sign: func(s *Signing) { s.Header["crit"], s.Header["urn:example:new"] = []string{"urn:example:new"}, true },
}

// AlgorithmMissing does not say how it signed.
var AlgorithmMissing = Fault{
	Name: "algorithm_missing", Clause: "RFC 7515 §4.1.1", At: []string{Token},
	Says: "leaves alg out of its JWTs",
	Sign: func(s *Signing) { delete(s.Header, "alg") },
}

// AlgorithmFolded writes the algorithm in another case, which is another one.
var AlgorithmFolded = Fault{
	Name: "algorithm_folded", Clause: "RFC 7515 §4.1.1", At: []string{Token},
	Says: "writes alg in lower case",
	Sign: editAlgorithm(strings.ToLower),
}

// AlgorithmPadded writes a space behind the algorithm.
var AlgorithmPadded = Fault{
	Name: "algorithm_padded", Clause: "RFC 7515 §4.1.1", At: []string{Token},
	Says: "writes a space behind alg",
	Sign: editAlgorithm(func(alg string) string { return alg + " " }),
}

// AlgorithmNoneFolded needs no signature, and hides from who looks for none.
var AlgorithmNoneFolded = Fault{
	Name: "algorithm_none_folded", Clause: "RFC 8725 §3.1", At: []string{Token},
	Says: "issues JWTs with alg nOnE and no signature",
	Sign: func(s *Signing) { s.Header["alg"], s.Unsigned = "nOnE", true },
}

// AlgorithmOfAnotherKey names an algorithm that does not go with its key.
var AlgorithmOfAnotherKey = Fault{
	Name: "algorithm_of_another_key", Clause: "RFC 8725 §3.1", At: []string{Token},
	Says: "names an algorithm of another type of key than it signed with",
	Sign: editAlgorithm(func(alg string) string {
		if alg == "ES256" {
			return "RS256"
		}
		return "ES256"
	}),
}

func editAlgorithm(edit func(alg string) string) func(*Signing) {
	return func(s *Signing) {
		if alg, ok := s.Header["alg"].(string); ok {
			s.Header["alg"] = edit(alg)
		}
	}
}

// KeySetURLHeader says where its key is.
var KeySetURLHeader = Fault{
	Name: "key_set_url_header", Clause: "RFC 8725 §3.10", At: []string{Token},
	Says: "signs with a key that it does not publish, and names another key set in jku",
	Sign: func(s *Signing) { s.Header["jku"], s.Foreign = "https://elsewhere.example/jwks", true },
}

// CertificateURLHeader says where the certificate of its key is.
var CertificateURLHeader = Fault{
	Name: "certificate_url_header", Clause: "RFC 8725 §3.10", At: []string{Token},
	Says: "signs with a key that it does not publish, and names a certificate in x5u",
	Sign: func(s *Signing) { s.Header["x5u"], s.Foreign = "https://elsewhere.example/cert.pem", true },
}

// EmbeddedKeyHeader brings its key along.
var EmbeddedKeyHeader = Fault{
	Name: "embedded_key_header", Clause: "RFC 8725 §3.10", At: []string{Token},
	Says: "signs with a key that it does not publish, and puts it into jwk",
	Sign: func(s *Signing) {
		s.Foreign = true
		if s.ForeignJWK == nil {
			return
		}
		if jwk := s.ForeignJWK(); jwk != nil {
			s.Header["jwk"], s.Header["kid"] = jwk, jwk["kid"]
		}
	},
}

// AccessTokenWithoutType does not say what kind of JWT an access token is.
var AccessTokenWithoutType = Fault{
	Name: "access_token_without_type", Clause: "RFC 9068 §2.1", At: []string{Token},
	Says: "leaves typ out of its access tokens",
	Sign: signAccessToken(func(s *Signing) { delete(s.Header, "typ") }),
}

// IDTokenTypedAccessToken calls an ID token an access token.
var IDTokenTypedAccessToken = Fault{
	Name: "id_token_typed_access_token", Clause: "RFC 8725 §3.11", At: []string{Token},
	Says: "types its ID tokens at+jwt",
	Sign: signIDToken(func(s *Signing) { s.Header["typ"] = "at+jwt" }),
}
