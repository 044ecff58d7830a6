package fault_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// A fault of your own is a value: give it to provider.Inject.
func ExampleFault() {
	upperCase := fault.Fault{
		Name: "upper_case_token_type", Clause: "RFC 6749 §5.1", At: []string{fault.Token},
		Says: "shouts the token type",
		Say: func(s *fault.Said) {
			s.Edit(func(object map[string]any) {
				object["token_type"] = strings.ToUpper(fmt.Sprint(object["token_type"]))
			})
		},
	}
	answer := serve(post("grant_type=client_credentials"), func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"access_token":"x","token_type":"Bearer"}`))
	}, upperCase)
	fmt.Println(answer.Body)
	// Output: {"access_token":"x","token_type":"BEARER"}
}

// A fault can be for some requests only. It is counted where it acts: reading
// the metadata first does not use it up.
func ExampleFault_Times() {
	var box fault.Box
	box.Inject(fault.TokenUnavailable.Times(2).For("web"))
	for _, endpoint := range []string{fault.Discovery, fault.Token, fault.Token, fault.Token} {
		fmt.Println(endpoint, len(box.Draw(endpoint, "web")))
	}
	// Output:
	// openid-configuration 0
	// token 1
	// token 1
	// token 0
}

// A fault of the catalogue that acts at several endpoints can be held to one.
func ExampleFault_AtEndpoint() {
	var box fault.Box
	box.Inject(fault.AnySecretServed.AtEndpoint(fault.Revocation))
	fmt.Println(len(box.Draw(fault.Token, "web")), len(box.Draw(fault.Revocation, "web")))
	// Output: 0 1
}

func ExampleNamed() {
	f, ok := fault.Named("wrong_issuer")
	fmt.Println(ok, f.Says+",", f.Clause)
	// Output: true names another issuer in its tokens than in its metadata, RFC 9068 §2.2
}

// With a chance a provider is flaky, and under a seed it is so in the same way
// each time.
func ExampleFault_WithChance() {
	var box fault.Box
	box.Seed([32]byte{1})
	box.Inject(fault.TokenUnavailable.WithChance(0.5))
	for range 8 {
		fmt.Print(len(box.Draw(fault.Token, "web")), " ")
	}
	// Output: 1 1 1 0 0 0 1 1
}

// What is in force is counted, and can be taken out again by its ID.
func ExampleBox_Active() {
	var box fault.Box
	ids := box.Inject(fault.Cacheable.Times(3), fault.WrongIssuer)
	box.Draw(fault.Token, "web")
	box.Remove(ids[1])
	for _, f := range box.Active() {
		fmt.Printf("%d %s: acted on %d, %d to go\n", f.ID, f.Fault.Name, f.Acted, f.Remaining)
	}
	// Output: 1 cacheable: acted on 1, 2 to go
}

// A connection can be wrong as well as an answer.
func ExampleTruncate() {
	cut := fault.Fault{
		Name: "half_a_token", Clause: "RFC 9112 §8", At: []string{fault.Token},
		Says: "cuts the connection in the middle of the answer",
		Wire: fault.Truncate(16),
	}
	server := httptest.NewServer(cut.Wire(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"access_token":"x","token_type":"Bearer"}`)
	})))
	defer server.Close()
	response, err := http.Get(server.URL)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	fmt.Println(response.ContentLength, string(body), err)
	// Output: 42 {"access_token": unexpected EOF
}

// From outside, a fault is ordered in JSON, and what is wrong with the order is told.
func ExampleOrder_Fault() {
	for _, document := range []string{
		`{"at": "token", "times": 2, "status": 503, "headers": {"Retry-After": "1"}}`,
		`{"at": "tokens", "status": 5030, "delay": "2"}`,
	} {
		var order fault.Order
		if err := json.Unmarshal([]byte(document), &order); err != nil {
			panic(err)
		}
		f, err := order.Fault(nil)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(f.Name, "at", f.At, f.Says)
	}
	// Output:
	// raw at [token] answers 503 in the endpoint's place
	// at: unknown endpoint "tokens": there are authorization, token, userinfo, introspection, revocation, end_session, jwks, openid-configuration, oauth-authorization-server, verify, resource
	// status: 5030 is no status of an answer: write 200 to 599
	// delay: "2" is no duration: write "1.5s", "200ms" or "1m30s"
}
