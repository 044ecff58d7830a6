package endpoint

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/mockoauth/mockoauth/provider/record"
)

// openIDConfiguration is OpenID Connect Discovery 1.0 §4.
func openIDConfiguration() Endpoint {
	return metadata("openid-configuration", map[string]any{"subject_types_supported": []string{"public"}})
}

// authorizationServer is RFC 8414 §3.
func authorizationServer() Endpoint { return metadata("oauth-authorization-server", nil) }

func metadata(name string, more map[string]any) Endpoint {
	return Endpoint{
		Name: name, Paths: []string{"/.well-known/" + name}, Methods: []string{http.MethodGet, http.MethodHead}, WellKnown: true,
		Handler: func(h House) http.Handler {
			documents := documents{make: func(issuer string) []byte {
				document := h.document(issuer)
				maps.Copy(document, more)
				body, _ := json.Marshal(document) // of strings and lists of them
				return body
			}}
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				writeDocument(w, documents.of(record.From(r.Context()).Issuer))
			})
		},
	}
}

// document is what the plan amounts to under an issuer. Members without elements
// are left out (RFC 8414 §3.2).
func (h House) document(issuer string) map[string]any {
	document := map[string]any{"issuer": issuer}
	for _, e := range h.Plan {
		if e.Member != "" {
			document[e.Member] = strings.TrimSuffix(issuer, "/") + e.Paths[0]
		}
		if e.Metadata != nil {
			maps.Copy(document, e.Metadata(h))
		}
	}
	maps.DeleteFunc(document, func(_ string, v any) bool {
		list := reflect.ValueOf(v)
		return list.Kind() == reflect.Slice && list.Len() == 0
	})
	return document
}

// documentsAtMost bounds for how many issuers a document is kept: without a
// fixed issuer, clients choose it with the Host header.
const documentsAtMost = 100

// documents keeps one document an issuer, made once.
type documents struct {
	make func(issuer string) []byte
	kept sync.Map
	n    atomic.Int64
}

func (d *documents) of(issuer string) []byte {
	if document, ok := d.kept.Load(issuer); ok {
		return document.([]byte)
	}
	document := d.make(issuer)
	if d.n.Add(1) <= documentsAtMost {
		d.kept.Store(issuer, document)
	}
	return document
}
