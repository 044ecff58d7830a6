package check_test

import (
	"context"
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// Our provider puts no token into the front channel, so that the checks of those
// that do are skipped there. They are proven here, against a small provider that
// has them, and one mistake for each.
func TestFrontChannelChecksBite(t *testing.T) {
	t.Parallel()
	for id, mistakes := range map[string][]string{
		"OC-25": {"nonce optional", "errors in the query"},
		"OC-26": {"whole hash", "no hash"},
		"OC-28": {"another sub", "another iss"},
		"OC-29": {"refresh token in front"},
		"PK-16": {"challenge of hybrid codes forgotten", "verifier of hybrid codes optional"},
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			if v := frontChannelVerdict(t, id, ""); v.State != check.Passed {
				t.Fatalf("without a mistake: %s: %s", v.State, v.Reason)
			}
			for _, mistake := range mistakes {
				if v := frontChannelVerdict(t, id, mistake); v.State != check.Failed {
					t.Errorf("with %s: %s %s", mistake, v.State, v.Reason)
				}
			}
		})
	}
}

func frontChannelVerdict(t *testing.T, id, mistake string) check.Verdict {
	t.Helper()
	p := &frontChannel{mistake: mistake, challenges: map[string]string{}, key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))}
	server := httptest.NewServer(p)
	defer server.Close()
	p.url = server.URL
	target := &check.Target{
		Issuer: server.URL,
		Clients: map[check.Role]check.Client{
			check.Main: {ID: "main", Secret: "secret", Scopes: []string{"read"}, RedirectURIs: []string{"https://main.example/callback"}},
		},
		Users: map[check.Role]check.User{check.Main: {Username: "alice"}},
	}
	for _, section := range check.Sections() {
		for _, c := range section.Checks {
			if c.ID == id {
				return c.Verdict(context.Background(), target)
			}
		}
	}
	t.Fatalf("there is no check %s", id)
	return check.Verdict{}
}

// frontChannel is a provider with the implicit and hybrid flows, at which alice
// is always logged in.
type frontChannel struct {
	url, mistake string
	key          ed25519.PrivateKey

	mu         sync.Mutex
	challenges map[string]string // by code
}

// ServeHTTP answers like a provider.
func (p *frontChannel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch r.URL.Path {
	case metadataPath:
		p.json(w, map[string]any{
			"issuer": p.url, "authorization_endpoint": p.url + "/authorize", "token_endpoint": p.url + "/token", "jwks_uri": p.url + "/jwks",
			"response_types_supported": []string{"code", "id_token token", "code id_token"}, "scopes_supported": []string{"openid", "offline_access"},
			"code_challenge_methods_supported": []string{"S256"},
		})
	case "/jwks":
		public := p.key.Public().(ed25519.PublicKey)
		p.json(w, map[string]any{"keys": []any{map[string]any{"kty": "OKP", "crv": "Ed25519", "x": b64(public)}}})
	case "/authorize":
		p.authorize(w, r)
	case "/token":
		if !p.proves(r.PostFormValue("code"), r.PostFormValue("code_verifier")) {
			refuseWith(w, "invalid_grant")
			return
		}
		claims := map[string]any{"iss": p.url, "sub": "alice", "aud": "main"}
		switch p.mistake {
		case "another sub":
			claims["sub"] = "bob"
		case "another iss":
			claims["iss"] = p.url + "/"
		}
		p.json(w, map[string]any{"access_token": "back", "token_type": "Bearer", "id_token": p.sign(claims)})
	default:
		http.NotFound(w, r)
	}
}

// proves tells whether a verifier fits the challenge of a code.
func (p *frontChannel) proves(code, verifier string) bool {
	hybrid := strings.HasPrefix(code, "hybrid")
	switch {
	case hybrid && p.mistake == "challenge of hybrid codes forgotten", hybrid && verifier == "" && p.mistake == "verifier of hybrid codes optional":
		return true
	}
	return p.challenges[code] == check.S256(verifier)
}

// code is a new one, bound to a challenge.
func (p *frontChannel) code(kind, challenge string) string {
	code := fmt.Sprint(kind, len(p.challenges))
	p.challenges[code] = challenge
	return code
}

func (p *frontChannel) authorize(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	answer, sign := url.Values{"state": query["state"]}, "#"
	responseType := strings.Fields(query.Get("response_type"))
	if slices.Equal(responseType, []string{"code"}) {
		answer.Set("code", p.code("plain", query.Get("code_challenge")))
		sign = "?"
	} else if query.Get("nonce") == "" && p.mistake != "nonce optional" {
		answer.Set("error", "invalid_request")
		if p.mistake == "errors in the query" {
			sign = "?"
		}
	} else {
		claims := map[string]any{"iss": p.url, "sub": "alice", "aud": "main", "nonce": query.Get("nonce")}
		if slices.Contains(responseType, "token") {
			answer.Set("access_token", "front")
			hash := sha512.Sum512([]byte("front"))
			switch p.mistake {
			case "no hash":
			case "whole hash":
				claims["at_hash"] = b64(hash[:])
			default:
				claims["at_hash"] = b64(hash[:sha512.Size/2])
			}
		}
		if slices.Contains(responseType, "code") {
			answer.Set("code", p.code("hybrid", query.Get("code_challenge")))
		}
		if p.mistake == "refresh token in front" {
			answer.Set("refresh_token", "refresh")
		}
		answer.Set("id_token", p.sign(claims))
	}
	w.Header().Set("Location", query.Get("redirect_uri")+sign+answer.Encode())
	w.WriteHeader(http.StatusSeeOther)
}

func (p *frontChannel) sign(claims map[string]any) string { return signEdDSA(p.key, claims) }

func signEdDSA(key ed25519.PrivateKey, claims map[string]any) string {
	payload, _ := json.Marshal(claims)
	signed := b64([]byte(`{"alg":"EdDSA"}`)) + "." + b64(payload)
	return signed + "." + b64(ed25519.Sign(key, []byte(signed)))
}

func (p *frontChannel) json(w http.ResponseWriter, object map[string]any) {
	body, _ := json.Marshal(object)
	say(w, http.StatusOK, string(body))
}
