package check

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"
)

func refusesWrongPassword(t *T) {
	main, user := t.Client(Main), t.User(Main)
	t.Expect(t.Password(user, As(main))).To(BeToken())
	answer := t.Password(User{Username: user.Username, Password: user.Password + "-not"}, As(main))
	t.Expect(answer).To(BeRefused(400, "invalid_grant"))
	t.Expect(len(answer.Challenges())).To(Equal(0), "a challenge would ask the client for another secret:\n%s", answer)
}

func hidesWhichUsersExist(t *T) {
	main, user := t.Client(Main), t.User(Main)
	t.Expect(t.Password(user, As(main))).To(BeToken())
	wrong := user.Password + "-not"
	known := t.Password(User{Username: user.Username, Password: wrong}, As(main))
	again := t.Password(User{Username: user.Username, Password: wrong}, As(main))
	unknown := t.Password(User{Username: "nobody-" + user.Username, Password: wrong}, As(main))
	t.expectNoToken(known, "a wrong password")
	t.expectNoToken(unknown, "an unknown user")
	t.Expect(unknown).To(HaveStatus(known.Status), "an unknown user, as a wrong password")
	t.Expect(string(unknown.Body)).To(Equal(string(known.Body)), "the body for an unknown user")
	names := func(a Answer) []string { return slices.Sorted(maps.Keys(a.Header)) }
	t.Expect(names(unknown)).To(Equal(names(known)), "the headers for an unknown user")
	for name, values := range known.Header {
		if name == "Date" || !reflect.DeepEqual(values, again.Header[name]) {
			continue // differs from answer to answer anyway
		}
		t.Expect(unknown.Header[name]).To(Equal(values), "the header %s for an unknown user", name)
	}
}

func refusesLoginInQuery(t *T) {
	main, user := t.Client(Main), t.User(Main)
	t.Expect(t.Password(user, As(main))).To(BeToken())
	login := url.Values{"username": {user.Username}, "password": {user.Password}}
	answer := t.Ask("token", As(main), Param("grant_type", "password"), Query(login))
	t.Expect(answer).To(BeRefused(400, "invalid_request"))
}

// repeats tells an answer that has a text in its headers or body.
func repeats(a Answer, text string) bool {
	return bytes.Contains(a.Body, []byte(text)) || strings.Contains(fmt.Sprint(a.Header), text)
}

func neverRepeatsPassword(t *T) {
	main, user := t.Client(Main), t.User(Main)
	success := t.Password(user, As(main))
	t.Expect(success).To(BeToken())
	if len(user.Password) >= 8 && !strings.Contains(user.Username, user.Password) {
		t.Expect(repeats(success, user.Password)).NotTo(BeTrue(), "the answer repeats the password:\n%s", success)
	}
	const secret = "canary-4d1f0b7c"
	canary := User{Username: user.Username, Password: secret}
	for _, refused := range []Answer{
		t.Password(canary, As(main)),
		t.Password(User{Username: "nobody-" + user.Username, Password: secret}, As(main)),
		t.Password(canary, As(main), Param("scope", unheardOf)),
		t.Password(canary, As(main), Param("password", secret)),
		t.Password(canary, As(wrongSecret(main))),
	} {
		t.Expect(refused).To(HaveStatus(400, 401))
		t.Expect(refused).To(HaveNoMember("access_token"))
		t.Expect(repeats(refused, secret)).NotTo(BeTrue(), "the refusal repeats the password %s:\n%s", secret, refused)
	}
}

func readsCredentialsAsUTF8(t *T) {
	main, user := t.Client(Main), t.User(OddUser)
	t.Expect(t.Password(user, As(main))).To(BeToken())
	wrong := User{Username: user.Username, Password: user.Password + "é"}
	t.expectNoToken(t.Password(wrong, As(main)), "with a letter too many")
}

// expectNoToken expects that a login fails, by whichever refusal: which one is
// right belongs to the check of a wrong password.
func (t *T) expectNoToken(answer Answer, explain ...any) {
	t.Expect(answer).To(HaveStatus(400, 401, 403), explain...)
	t.Expect(answer).To(HaveNoMember("access_token"), explain...)
}

func keepsSpacesOfPassword(t *T) {
	main, user := t.Client(Main), t.User(SpacedUser)
	t.Expect(t.Password(user, As(main))).To(BeToken())
	for _, other := range []string{
		strings.TrimSpace(user.Password), strings.TrimLeft(user.Password, " "), strings.TrimRight(user.Password, " "),
	} {
		t.expectNoToken(t.Password(User{Username: user.Username, Password: other}, As(main)), "spaces left out")
	}
}

func comparesWholePassword(t *T) {
	const hashed = 72 // the bytes that bcrypt looks at
	main, user := t.Client(Main), t.User(LongUser)
	if len(user.Password) <= hashed {
		panic(stop{Untestable, "the password of user " + user.Username + " has 72 bytes or fewer"})
	}
	t.Expect(t.Password(user, As(main))).To(BeToken())
	for _, tail := range []string{"", user.Password[hashed:] + "x", "x" + user.Password[hashed:]} {
		other := User{Username: user.Username, Password: user.Password[:hashed] + tail}
		t.expectNoToken(t.Password(other, As(main)), "72 bytes right, %q after them", tail)
	}
}

// throttlesGuessing locks a user whom no other check needs where a login is
// throttled, and lets a day pass where that costs nothing.
func throttlesGuessing(t *T) {
	const guesses = 30
	main, user := t.Client(Main), t.User(LongUser)
	t.Expect(t.Password(user, As(main))).To(BeToken())
	for i := range guesses {
		guess := User{Username: user.Username, Password: fmt.Sprintf("guess-%d", i)}
		t.expectRefusedOrThrottled(t.Password(guess, As(main)), "guess %d", i+1)
	}
	t.expectRefusedOrThrottled(t.Password(user, As(main)), "the right password after %d wrong ones", guesses)
	if t.Advance != nil {
		t.Wait(24 * time.Hour)
		t.Expect(t.Password(user, As(main))).To(BeToken(), "a day later")
	}
}

// expectRefusedOrThrottled expects the refusal of a login, or of any more of
// them for a while: 429 with Retry-After (RFC 6585 §4).
func (t *T) expectRefusedOrThrottled(answer Answer, explain ...any) {
	if answer.Status != 429 {
		t.Expect(answer).To(BeRefused(400, "invalid_grant"), explain...)
		return
	}
	t.Expect(answer).To(HaveNoMember("access_token"), explain...)
	t.Expect(answer.Header.Get("Retry-After") != "").To(BeTrue(), "a 429 says when to try again:\n%s", answer)
}

func refusesUsersByState(t *T) {
	main := t.Client(Main)
	t.Expect(t.Password(t.User(Main), As(main))).To(BeToken())
	tried := 0
	for _, role := range []Role{Disabled, LockedUser, ExpiredPassword, MFAUser} {
		user, named := t.Users[role]
		if !named {
			continue
		}
		tried++
		t.Expect(t.Password(user, As(main))).To(BeRefused(400, "invalid_grant"), "the right password of a user who is %s", role)
	}
	if tried == 0 {
		t.User(Disabled)
	}
}

func keepsSubject(t *T) {
	main, user := t.Client(Main), t.User(Main)
	first := t.subject(t.Password(user, As(main)))
	second := t.subject(t.Password(user, As(main)))
	t.Expect(second).To(Equal(first), "sub at the second login")
}

func tellsUserOfToken(t *T) {
	main, user := t.Client(Main), t.User(Main)
	answer := t.Password(user, As(main))
	t.Expect(answer).To(BeToken())
	told := t.Introspect(answer.Text("access_token"), As(main))
	t.Expect(told).To(BeActive())
	t.Expect(told).To(HaveMember("username", user.Username))
	t.Expect(told).To(HaveMember("client_id", main.ID))
	t.Expect(told.Text("sub") != "" && told.Text("sub") != main.ID).To(BeTrue(), "sub is the user:\n%s", told)
}

func grantsDistinctUserTokens(t *T) {
	main, user := t.Client(Main), t.User(Main)
	t.expectBothGood(t.Password(user, As(main)), t.Password(user, As(main)))
}

func keepsSubjectsApart(t *T) {
	main := t.Client(Main)
	user := t.subject(t.Password(t.User(Main), As(main)))
	for _, c := range []Client{main, t.Client(Other)} {
		t.Expect(t.subject(t.ClientCredentials(As(c))) != user).To(BeTrue(), "%q is a user's sub and a client's", user)
		t.Expect(c.ID != user).To(BeTrue(), "%q is a user's sub and a client's id", user)
	}
}

func grantsGoodIDTokenOrNone(t *T) {
	main, user := t.Client(Main), t.User(Main)
	t.Expect(t.Password(user, As(main))).To(BeToken())
	answer := t.Password(user, As(main), Param("scope", "openid"))
	if answer.Status == 400 {
		t.Expect(answer).To(BeRefused(400, "invalid_scope"))
		return
	}
	t.Expect(answer).To(BeToken())
	if answer.Object()["id_token"] == nil {
		return
	}
	id, ok := ParseJWT(answer.Text("id_token"))
	t.Expect(ok).To(BeTrue(), "id_token is a JWT")
	t.Expect(id.Header["alg"] != "none" && len(id.Signature) > 0).To(BeTrue(), "the ID token is signed")
	t.Expect(id.Claims["iss"]).To(Equal(any(t.Issuer)), "iss of the ID token")
	audience, _ := audienceList(id.Claims["aud"])
	t.Expect(audience).To(ContainElement(main.ID), "aud of the ID token")
	_, expires := id.Claims["exp"].(json.Number)
	t.Expect(expires).To(BeTrue(), "the ID token expires")
	if subject, told := t.told(answer.Text("access_token"), "sub"); told {
		t.Expect(id.Claims["sub"]).To(Equal(subject), "sub of the ID token")
	}
}

func listsPasswordGrant(t *T) {
	document := t.Get(t.MetadataURL())
	if document.Status != 200 {
		document = t.Get(t.OpenIDMetadataURL())
	}
	t.Expect(document).To(HaveStatus(200))
	listed := slices.Contains(texts(document.Object()["grant_types_supported"]), "password")
	answer := t.Password(t.User(Main), As(t.Client(Main)))
	if listed {
		t.Expect(answer).To(BeToken(), "grant_types_supported has password")
		return
	}
	t.Expect(answer).To(BeRefusedAs(Refusal{400, "unsupported_grant_type"}, Refusal{400, "unauthorized_client"}),
		"grant_types_supported lacks password")
}
