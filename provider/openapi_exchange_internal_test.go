package provider

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/record"
)

// exchangeForm is one request, and what was answered and why.
type exchangeForm struct {
	ID       uint64        `json:"id" doc:"its number, from 1"`
	At       time.Time     `json:"at" doc:"when it came, by the provider's clock"`
	Issuer   string        `json:"issuer,omitempty" doc:"as whom the provider answered"`
	Endpoint string        `json:"endpoint,omitempty" doc:"such as token; none when there is none at the path"`
	Method   string        `json:"method" doc:"of HTTP"`
	Path     string        `json:"path" doc:"below the origin, without the query"`
	Client   string        `json:"client,omitempty" doc:"the client_id that the request names; authenticated unless error is invalid_client"`
	Grant    string        `json:"grant,omitempty" doc:"the grant_type"`
	User     string        `json:"user,omitempty" doc:"the username"`
	Scope    string        `json:"scope,omitempty" doc:"what was granted, separated by spaces"`
	Status   int           `json:"status" doc:"of the answer; 0 when nothing was answered"`
	Dropped  bool          `json:"dropped,omitempty" doc:"the connection was cut, before or in the middle of the answer"`
	Error    string        `json:"error,omitempty" doc:"the error code; none when the request was granted"`
	Reason   string        `json:"reason,omitempty" doc:"why it was refused, more openly than the client is told"`
	Detail   string        `json:"detail,omitempty" doc:"further words on a decision in the client's favour"`
	Faults   []string      `json:"faults,omitempty" doc:"the names of the faults that acted"`
	TookUS   int64         `json:"took_us" doc:"how long the answer took, in microseconds of the machine's clock"`
	Request  exchangeAsked `json:"request" doc:"what came"`
	Response exchangeSaid  `json:"response" doc:"what was answered"`
}

// exchangeAsked is a request as it came. What is secret is masked, unless it is asked for.
type exchangeAsked struct {
	Proto    string              `json:"proto,omitempty" doc:"such as HTTP/1.1"`
	Host     string              `json:"host,omitempty" doc:"the Host header"`
	Remote   string              `json:"remote,omitempty" doc:"address and port of the peer"`
	URI      string              `json:"uri,omitempty" doc:"the target as it came: path and query, nothing decoded"`
	TLS      string              `json:"tls,omitempty" doc:"the version, such as TLS 1.3; none without TLS"`
	Header   map[string][]string `json:"header,omitempty" doc:"by name, each with all its values"`
	Body     string              `json:"body,omitempty" doc:"text, or what body_encoding says"`
	Encoding string              `json:"body_encoding,omitempty" doc:"base64 when the body is not UTF-8"`
	Cut      bool                `json:"cut,omitempty" doc:"more came than is kept"`
}

// exchangeSaid is an answer as it went. What is secret is masked, unless it is asked for.
type exchangeSaid struct {
	Header   map[string][]string `json:"header,omitempty" doc:"by name, each with all its values"`
	Body     string              `json:"body,omitempty" doc:"text, or what body_encoding says"`
	Encoding string              `json:"body_encoding,omitempty" doc:"base64 when the body is not UTF-8"`
	Cut      bool                `json:"cut,omitempty" doc:"more was written than is kept"`
}

// A full exchange has every member of its schema, and an empty one only those that must be there.
func TestExchangeIsAsDescribed(t *testing.T) {
	t.Parallel()
	h := http.Header{"A": {"b"}}
	full := record.Exchange{
		ID: 1, At: time.Unix(1, 0), Took: time.Second, Issuer: "i", BrowserURL: "b", Secure: true, Endpoint: "token", Method: "POST", Path: "/token",
		Client: "c", Grant: "g", User: "u", Scope: "s", Detail: "d", Status: 200, Dropped: true, Error: "e", Reason: "r", Faults: []string{"f"},
		Request:  record.Request{Proto: "p", Host: "h", Remote: "r", URI: "/", TLS: "TLS 1.3", Header: h, Body: []byte{0xff}, Cut: true},
		Response: record.Response{Header: h, Body: []byte{0xff}, Cut: true},
	}
	d := readDescription(t)
	g := NewWithT(t)
	for name, x := range map[string]record.Exchange{"full": full, "empty": {}} {
		raw, err := json.Marshal(x)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(d.check(t, schemasPath+"Exchange", raw)).To(Succeed(), name)
		object := map[string]any{}
		g.Expect(json.Unmarshal(raw, &object)).To(Succeed())
		inner := func(name string) map[string]any { return object[name].(map[string]any) }
		for component, members := range map[string]map[string]any{"Exchange": object, "Asked": inner("request"), "Said": inner("response")} {
			schema := d.document.Components.Schemas[component]
			if name == "full" {
				g.Expect(members).To(HaveLen(len(schema.Properties)), component)
			} else {
				g.Expect(members).To(HaveLen(len(schema.Required)), component)
			}
		}
	}
}
