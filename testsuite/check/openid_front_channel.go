package check

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// frontChannelTypes are those that put an ID token into the front channel.
func (t *T) frontChannelTypes() []string {
	return slices.DeleteFunc(texts(t.advertised("response_types_supported")), func(responseType string) bool {
		return !slices.Contains(strings.Fields(responseType), "id_token")
	})
}

// inFrontChannel logs the main user in by another response type than code.
func (t *T) inFrontChannel(responseType string, params url.Values) Redirect {
	all := openIDParams(url.Values{"response_type": {responseType}, "nonce": {"n-0S6_WzA2Mj"}})
	if !strings.Contains(responseType, "code") {
		all["code_challenge"], all["code_challenge_method"] = nil, nil
	}
	maps.Copy(all, params)
	return t.Authorize(t.Client(Main), all)
}

// idTokenOf is the ID token of an authorization response.
func (t *T) idTokenOf(r Redirect) JWT {
	return verified(t, r.Params.Get("id_token"), "the ID token", "the response must have an ID token: %s", r)
}

func demandsFrontChannelNonce(t *T) {
	for _, responseType := range t.frontChannelTypes() {
		t.idTokenOf(t.inFrontChannel(responseType, nil))
		r := t.inFrontChannel(responseType, url.Values{"nonce": nil})
		t.Expect(r).To(BeSentBack("invalid_request"), "response_type=%s without nonce", responseType)
		t.Expect(r.Mode).To(Equal(ModeFragment), "how an error of response_type=%s travels", responseType)
	}
}

func bindsImplicitToken(t *T) {
	r := t.inFrontChannel("id_token token", nil)
	id := t.idTokenOf(r)
	alg, _ := id.Header["alg"].(string)
	t.Expect(claimText(id, "at_hash")).To(Equal(halfHash(t, alg, r.Params.Get("access_token"))), "at_hash")
}

func agreesWithItselfInHybrid(t *T) {
	r := t.inFrontChannel("code id_token", nil)
	front := t.idTokenOf(r)
	tokens := t.Redeem(t.Client(Main), r)
	t.Expect(tokens).To(BeToken())
	back := t.idToken(tokens)
	for _, name := range []string{"iss", "sub"} {
		t.Expect(back.Claims[name]).To(Equal(front.Claims[name]), "%s of the token endpoint's ID token, by the front channel's", name)
	}
}

func ignoresOfflineAccessWithoutCode(t *T) {
	r := t.inFrontChannel("id_token token", url.Values{"scope": {"openid offline_access"}, "prompt": {"consent"}})
	t.idTokenOf(r)
	t.Expect(r.Params.Has("refresh_token")).NotTo(BeTrue(), "a refresh token in the front channel: %s", r)
}
