package fault_test

import (
	"fmt"
	"net/http"
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
