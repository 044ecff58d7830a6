package fault

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
)

func joseSignatures() []Fault {
	return slices.Concat(
		advised("refuses the token: it takes the algorithms that it expects and no others", &HMACWithPublicKey, &HMACWithClientSecret),
		advised(refusesToken, &SignatureStripped, &SignatureLeftOut, &SignatureOfZeros, &SignatureInDER, &TokenOfFiveParts, &TokenPadded, &ClaimsInList),
		advised("refuses the token, or takes the last of the values each time", &SubjectTwice),
		advised(refusesIDToken, &AccessTokenForIDToken),
	)
}

var b64 = base64.RawURLEncoding

// withHMAC is a compact JWT with its signature replaced (RFC 7518 §3.2).
func withHMAC(compact string, secret []byte) string {
	dot := strings.LastIndexByte(compact, '.')
	if dot < 0 {
		return compact
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(compact[:dot]))
	return compact[:dot+1] + b64.EncodeToString(mac.Sum(nil))
}

// HMACWithPublicKey signs by HS256, with what everybody knows for a secret.
var HMACWithPublicKey = Fault{
	Name: "hmac_with_public_key", Clause: "RFC 8725 §2.1", At: []string{Token},
	Says: "signs by HS256, with the PEM of its public key for a secret",
	Sign: func(s *Signing) {
		der, err := x509.MarshalPKIXPublicKey(s.Public)
		if err != nil {
			return // no key, no fault
		}
		secret := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
		s.Header["alg"] = "HS256"
		s.Tamper = func(compact string) string { return withHMAC(compact, secret) }
	},
}

// HMACWithClientSecret signs by HS256, which the client did not register.
var HMACWithClientSecret = Fault{
	Name: "hmac_with_client_secret", Clause: "OpenID Connect Core §3.1.3.7", At: []string{Token},
	Says: "signs ID tokens by HS256 with the client's secret, which it did not register for",
	Sign: signIDToken(func(s *Signing) {
		if s.Heard == nil || s.Heard.Known == nil {
			return
		}
		secret, _ := s.Heard.Known.Secret(fmt.Sprint(s.Claims["aud"]))
		s.Header["alg"] = "HS256"
		s.Tamper = func(compact string) string { return withHMAC(compact, []byte(secret)) }
	}),
}

// SignatureStripped leaves the signature empty, and says nothing of it.
var SignatureStripped = Fault{
	Name: "signature_stripped", Clause: "RFC 7515 §5.2", At: []string{Token},
	Says: "leaves the signature of its JWTs empty, and alg as it was",
	Sign: func(s *Signing) { s.Unsigned = true },
}

// SignatureLeftOut sends two parts of three.
var SignatureLeftOut = Fault{
	Name: "signature_left_out", Clause: "RFC 7515 §7.1", At: []string{Token},
	Says: "leaves the signature of its JWTs out, and the dot before it",
	Sign: func(s *Signing) {
		s.Tamper = func(compact string) string { return compact[:max(strings.LastIndexByte(compact, '.'), 0)] }
	},
}

// editSignature changes the bytes of the signature.
func editSignature(edit func(signature []byte) []byte) func(*Signing) {
	return func(s *Signing) {
		s.Tamper = func(compact string) string {
			dot := strings.LastIndexByte(compact, '.') + 1
			signature, err := b64.DecodeString(compact[dot:])
			if err != nil {
				return compact
			}
			return compact[:dot] + b64.EncodeToString(edit(signature))
		}
	}
}

// SignatureOfZeros signs everything alike: r and s are 0, which a verifier of ECDSA
// that forgets to look finds good.
var SignatureOfZeros = Fault{
	Name: "signature_of_zeros", Clause: "RFC 7515 §5.2", At: []string{Token},
	Says: "signs with zeros",
	Sign: editSignature(func(signature []byte) []byte { return make([]byte, len(signature)) }),
}

// SignatureInDER encodes r and s as X.509 does.
var SignatureInDER = Fault{
	Name: "signature_in_der", Clause: "RFC 7518 §3.4", At: []string{Token},
	Says: "encodes its ECDSA signatures as ASN.1",
	Sign: func(s *Signing) {
		if alg, _ := s.Header["alg"].(string); strings.HasPrefix(alg, "ES") {
			editSignature(inDER)(s)
		}
	},
}

// inDER is r and s as SEQUENCE { r INTEGER, s INTEGER } (RFC 3279 §2.2.3).
func inDER(signature []byte) []byte {
	var integers []byte
	for _, half := range [][]byte{signature[:len(signature)/2], signature[len(signature)/2:]} {
		n := bytes.TrimLeft(half, "\x00")
		if len(n) == 0 || n[0]&0x80 != 0 { // it is not to look negative
			n = slices.Concat([]byte{0}, n)
		}
		integers = slices.Concat(integers, []byte{0x02, byte(len(n))}, n)
	}
	if len(integers) < 0x80 {
		return slices.Concat([]byte{0x30, byte(len(integers))}, integers)
	}
	return slices.Concat([]byte{0x30, 0x81, byte(len(integers))}, integers)
}

// TokenOfFiveParts looks encrypted, and is not.
var TokenOfFiveParts = Fault{
	Name: "token_of_five_parts", Clause: "RFC 7516 §9", At: []string{Token},
	Says: "adds two empty parts to its JWTs, as if they were encrypted",
	Sign: func(s *Signing) { s.Tamper = func(compact string) string { return compact + ".." } },
}

// TokenPadded pads its base64.
var TokenPadded = Fault{
	Name: "token_padded", Clause: "RFC 7515 §2", At: []string{Token},
	Says: "pads the base64 of its signatures",
	Sign: func(s *Signing) {
		s.Tamper = func(compact string) string {
			return compact + strings.Repeat("=", -(len(compact)-strings.LastIndexByte(compact, '.')-1)&3)
		}
	},
}

// ClaimsInList signs no object.
var ClaimsInList = Fault{
	Name: "claims_in_list", Clause: "RFC 7519 §7.2", At: []string{Token},
	Says: "puts the claims of its JWTs into an array",
	Sign: func(s *Signing) {
		s.Payload = func(claims []byte) []byte { return slices.Concat([]byte("["), claims, []byte("]")) }
	},
}

// SubjectTwice names two subjects.
var SubjectTwice = Fault{
	Name: "subject_twice", Clause: "RFC 7519 §4", At: []string{Token},
	Says: "has two members sub in its JWTs, of which the last is right",
	Sign: func(s *Signing) {
		s.Payload = func(claims []byte) []byte {
			return slices.Concat([]byte(`{"sub":"the-first-of-two",`), bytes.TrimPrefix(claims, []byte("{")))
		}
	},
}

// AccessTokenForIDToken answers one token twice.
var AccessTokenForIDToken = Fault{
	Name: "access_token_for_id_token", Clause: "RFC 8725 §3.12", At: []string{Token},
	Says: "answers the access token for an ID token too",
	Say: editServed(func(object map[string]any) {
		if object["id_token"] != nil {
			object["id_token"] = object["access_token"]
		}
	}),
}
