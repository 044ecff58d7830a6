package endpoint

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"sync"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/provider/record"
)

// openIDConfiguration is OpenID Connect Discovery 1.0 §4.
func openIDConfiguration() Endpoint {
	return metadata(fault.Discovery, func(h House) map[string]any {
		return map[string]any{
			"subject_types_supported":               []string{fixtures.SubjectPublic, fixtures.SubjectPairwise},
			"id_token_signing_alg_values_supported": h.Keys.Algs(),
			"claims_supported":                      h.Engine.Directory().ClaimNames(),
			"acr_values_supported":                  []string{"0", "1"},
		}
	})
}

// authorizationServer is RFC 8414 §3.
func authorizationServer() Endpoint {
	return metadata(fault.Metadata, func(House) map[string]any { return nil })
}

func metadata(name string, more func(House) map[string]any) Endpoint {
	return Endpoint{
		Name: name, Paths: []string{"/.well-known/" + name}, Methods: []string{http.MethodGet, http.MethodHead}, WellKnown: true, CORS: true,
		Handler: func(h House) http.Handler {
			documents := documents{house: h, build: func(at address) []byte {
				document := h.document(at)
				maps.Copy(document, more(h))
				body, _ := json.Marshal(document) // of strings and lists of them
				return body
			}}
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				x := record.From(r.Context())
				writeDocument(w, documents.of(address{x.Issuer, x.BrowserURL}))
			})
		},
	}
}

// address is under which names the provider is asked: one for servers, and one for
// browsers, which may reach it by another.
type address struct{ issuer, browser string }

// document is what the plan amounts to at an address. Members without elements
// are left out (RFC 8414 §3.2).
func (h House) document(at address) map[string]any {
	document := map[string]any{"issuer": at.issuer}
	for _, e := range h.Plan {
		if e.Member != "" {
			document[e.Member] = e.URL(at.issuer, at.browser)
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

// documentsAtMost bounds for how many addresses a document is kept: without a
// fixed issuer, clients choose them with the Host header.
const documentsAtMost = 100

// documents keeps one document an address, made once, and again when what it is
// made of has changed at run time.
type documents struct {
	house House
	build func(address) []byte

	mu   sync.RWMutex
	from basis // of all that are kept
	kept map[address][]byte
}

// basis is what a document is made of that may change.
type basis struct {
	directory *engine.Directory // never changes: another one takes its place
	algs      []string
}

func (b basis) equals(other basis) bool {
	return b.directory == other.directory && slices.Equal(b.algs, other.algs)
}

func (d *documents) basis() basis { return basis{d.house.Engine.Directory(), d.house.Keys.Algs()} }

func (d *documents) of(at address) []byte {
	from := d.basis()
	d.mu.RLock()
	document, ok := d.kept[at]
	ok = ok && d.from.equals(from)
	d.mu.RUnlock()
	if ok {
		return document
	}
	document = d.build(at)
	if !d.basis().equals(from) { // it may be made of both
		return document
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.kept == nil || len(d.kept) >= documentsAtMost || !d.from.equals(from) {
		d.from, d.kept = from, map[address][]byte{}
	}
	d.kept[at] = document
	return document
}
