package target_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/target"
)

func ExampleLoad() {
	settings, err := target.Load([]string{
		"MOCKOAUTH_CONFORMANCE_ISSUER=https://idp.example",
		"MOCKOAUTH_CONFORMANCE_CLIENT_ID=web",
		"MOCKOAUTH_CONFORMANCE_CLIENT_SECRET=web-secret",
		"MOCKOAUTH_CONFORMANCE_SCOPES=read write",
	}, target.Flag{Name: "client-id", Value: "web-2"})
	if err != nil {
		fmt.Println(err)
		return
	}
	aim, err := settings.Target()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(aim.Issuer, aim.Clients[check.Main].ID, aim.Clients[check.Main].Scopes)
	// Output: https://idp.example web-2 [read write]
}

func ExampleLoad_problems() {
	_, err := target.Load([]string{
		"MOCKOAUTH_CONFORMANCE_ISSUER=http://idp.example",
		"MOCKOAUTH_CONFORMANCE_CLIENTID=web",
		"MOCKOAUTH_CONFORMANCE_FEATURES=pcke",
	})
	fmt.Println(err)
	// Output:
	// MOCKOAUTH_CONFORMANCE_CLIENTID: unknown variable, did you mean "MOCKOAUTH_CONFORMANCE_CLIENT_ID"?
	// MOCKOAUTH_CONFORMANCE_ISSUER: "http://idp.example" would send secrets in plain text to another machine; use https, or say insecure where that is meant
	// MOCKOAUTH_CONFORMANCE_FEATURES: unknown feature "pcke", did you mean "pkce"?
}

func ExampleSettings_Controlled() {
	mockoauth, err := provider.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(mockoauth)
	defer server.Close()
	targets, remove, err := target.Settings{Issuer: server.URL}.Controlled(context.Background(), 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer remove()
	fmt.Println(len(targets), targets[0].Clients[check.Main].ID, targets[0].Users[check.Main].Username)
	// Output: 2 main alice
}
