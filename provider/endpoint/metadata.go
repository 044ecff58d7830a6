package endpoint

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"sync"

	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/record"
)

// openIDConfiguration is OpenID Connect Discovery 1.0 §4.
func openIDConfiguration() Endpoint {
	return metadata(fault.Discovery, map[string]any{"subject_types_supported": []string{"public"}})
}

// authorizationServer is RFC 8414 §3.
func authorizationServer() Endpoint { return metadata(fault.Metadata, nil) }

func metadata(name string, more map[string]any) Endpoint {
	return Endpoint{
		Name: name, Paths: []string{"/.well-known/" + name}, Methods: []string{http.MethodGet, http.MethodHead}, WellKnown: true,
		Handler: func(h House) http.Handler {
			documents := documents{build: func(issuer string) []byte {
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
// are left out (RFC 8414 §3.2); so is response_types_supported, which §2 requires
// but which has no element while there is no authorization endpoint.
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
		list, ok := v.([]string)
		return ok && len(list) == 0
	})
	return document
}

// documentsAtMost bounds for how many issuers a document is kept: without a
// fixed issuer, clients choose it with the Host header.
const documentsAtMost = 100

// documents keeps one document an issuer, made once.
type documents struct {
	build func(issuer string) []byte

	mu   sync.RWMutex
	kept map[string][]byte
}

func (d *documents) of(issuer string) []byte {
	d.mu.RLock()
	document, ok := d.kept[issuer]
	d.mu.RUnlock()
	if ok {
		return document
	}
	document = d.build(issuer)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.kept == nil || len(d.kept) >= documentsAtMost {
		d.kept = map[string][]byte{}
	}
	d.kept[issuer] = document
	return document
}
