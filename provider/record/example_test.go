package record_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/mockoauth/mockoauth/provider/record"
)

func ExampleLog() {
	l := record.NewLog(500, 4<<20)
	l.Add(&record.Exchange{Endpoint: "token", Client: "web", Status: http.StatusOK})
	l.Add(&record.Exchange{Endpoint: "jwks", Status: http.StatusOK})
	l.Add(&record.Exchange{Endpoint: "token", Client: "web", Status: http.StatusBadRequest, Error: "invalid_grant"})

	refused := l.Select(record.Filter{}).To("token").From("web").Failed()
	fmt.Println(refused.Last().ID, refused.Last().Error)
	// Output: 3 invalid_grant
}

func ExampleLog_Wait() {
	l := record.NewLog(500, 4<<20)
	seen := l.LastID()
	go l.Add(&record.Exchange{Endpoint: "token", Grant: "refresh_token"})

	xs, err := l.Wait(context.Background(), record.Filter{Endpoint: "token", After: seen}, 1)
	fmt.Println(xs.Last().Grant, err)
	// Output: refresh_token <nil>
}

func ExampleLog_Follow() {
	l := record.NewLog(2, 4<<20)
	c := l.Follow(record.Filter{})
	for _, endpoint := range []string{"a", "b", "c", "d"} {
		l.Add(&record.Exchange{Endpoint: endpoint})
	}
	x, lost, err := c.Next(context.Background())
	fmt.Println(x.Endpoint, lost, err)
	// Output: c 2 <nil>
}

func ExampleParseFilter() {
	f, err := record.ParseFilter(url.Values{"endpoint": {"token"}, "status": {"4xx"}})
	fmt.Println(f.Endpoint, f.Status, err)
	_, err = record.ParseFilter(url.Values{"status": {"bad"}})
	fmt.Println(err)
	// Output:
	// token 4 <nil>
	// status is "bad": write one, 400, or a class, 4xx
}

func ExampleExchange_Masked() {
	x := record.Exchange{
		Reason: "the code SplxlOBeZQQYbYS6WxSbIA was spent",
		Request: record.Request{
			Header: http.Header{"Authorization": {"Basic ZGVtbzpkZW1vLXNlY3JldA=="}},
			Body:   []byte("grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA"),
		},
	}
	masked := x.Masked("demo-secret")
	fmt.Println(masked.Reason)
	fmt.Println(masked.Request.Header.Get("Authorization"))
	fmt.Println(string(masked.Request.Body))
	// Output:
	// the code …(22) was spent
	// Basic demo:…(11)
	// grant_type=authorization_code&code=…(22)
}

func ExampleHAR() {
	xs := record.Exchanges{{Method: "GET", Status: 200, Request: record.Request{Host: "localhost:9000", URI: "/jwks"}}}
	archive, err := record.HAR(xs.Masked(), "mockoauth 1.0")
	fmt.Println(json.Valid(archive), err)
	// Output: true <nil>
}
