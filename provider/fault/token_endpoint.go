package fault

import (
	"bytes"
	"encoding/json"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

func tokenEndpoint() []Fault {
	return slices.Concat(
		advised(asksLater, &TokenUnavailable, &StoreUnavailable),
		advised(lenient,
			&GetServed, &AnyMethodServed, &JSONBodyServed, &MultipartServed, &LargeBodyServed, &QueryServed, &BrokenEncodingDropped,
			&FirstDuplicateWins, &LastDuplicateWins, &EqualDuplicatesServed, &RepeatedScopesJoined, &GrantTypeAssumed,
			&GrantTypeCaseIgnored, &FirstGrantOfListServed, &UnknownGrantServed,
		),
		advised("uses POST, and reports a 405 with or without Allow", &AllowMissing),
		advised("calls its form application/x-www-form-urlencoded and adds no charset", &CharsetRefused),
		advised(encodesByTheLetter, &PlusKept, &Latin1Read),
		advised("sends the parameters that it needs and no empty ones", &UnknownParameterRefused, &EmptyScopeRefused),
		advised(comparesScope, &FirstScopeOnly),
		advised(reportsRefusal, &AbsentGrantUnsupported, &UnknownGrantInvalid),
	)
}

// TokenUnavailable answers every token request with 503.
var TokenUnavailable = Fault{
	Name: "token_unavailable", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "answers every token request with 503",
	Wire: func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "no-store")
			w.WriteHeader(http.StatusServiceUnavailable)
		})
	},
}

// GetServed serves a token request made by GET, parameters in the query, as if it had been a POST.
var GetServed = Fault{
	Name: "get_served", Clause: "RFC 6749 §3.2", At: []string{Token, Introspection, Revocation},
	Says: "serves GET as if it were POST, with the parameters of the query",
	Hear: func(h *Heard) {
		if h.Request.Method == http.MethodPost {
			return
		}
		h.Request.Method = http.MethodPost
		form := h.Request.URL.Query()
		h.Request.URL.RawQuery = ""
		h.SetForm(form)
	},
}

// AnyMethodServed serves a form sent by PUT, PATCH or DELETE as if it had been POSTed.
var AnyMethodServed = Fault{
	Name: "any_method_served", Clause: "RFC 6749 §3.2", At: []string{Token, Introspection, Revocation},
	Says: "serves PUT, PATCH and DELETE as if they were POST",
	Hear: func(h *Heard) {
		switch h.Request.Method {
		case http.MethodPut, http.MethodPatch, http.MethodDelete:
			h.Request.Method = http.MethodPost
		}
	},
}

// AllowMissing refuses a method without saying which it would take.
var AllowMissing = Fault{
	Name: "allow_missing", Clause: "RFC 9110 §15.5.6", At: []string{Token, Introspection, Revocation},
	Says: "answers 405 without Allow",
	Say: func(s *Said) {
		if s.Status == http.StatusMethodNotAllowed {
			s.Header.Del("Allow")
		}
	},
}

// JSONBodyServed takes a JSON object for a form.
var JSONBodyServed = Fault{
	Name: "json_body_served", Clause: "RFC 6749 App. B", At: []string{Token, Introspection, Revocation},
	Says: "takes the members of a JSON object for parameters of a form",
	Hear: func(h *Heard) {
		mediaType, _, _ := mime.ParseMediaType(h.Request.Header.Get("Content-Type"))
		var object map[string]any
		if mediaType != "application/json" || json.Unmarshal(h.Body(), &object) != nil {
			return
		}
		form := url.Values{}
		for name, value := range object {
			if text, ok := value.(string); ok {
				form.Set(name, text)
			}
		}
		h.SetForm(form)
	},
}

// MultipartServed takes multipart/form-data for a form, as Go's ParseMultipartForm does.
var MultipartServed = Fault{
	Name: "multipart_served", Clause: "RFC 6749 App. B", At: []string{Token, Introspection, Revocation},
	Says: "takes a multipart/form-data body",
	Hear: func(h *Heard) {
		mediaType, parameters, _ := mime.ParseMediaType(h.Request.Header.Get("Content-Type"))
		if mediaType != "multipart/form-data" || parameters["boundary"] == "" {
			return
		}
		parts, err := multipart.NewReader(bytes.NewReader(h.Body()), parameters["boundary"]).ReadForm(hearAtMost)
		if err != nil {
			return
		}
		defer func() { _ = parts.RemoveAll() }()
		h.SetForm(parts.Value)
	},
}

// CharsetRefused compares the Content-Type as a string.
var CharsetRefused = Fault{
	Name: "charset_refused", Clause: "RFC 6749 App. B", At: []string{Token, Introspection, Revocation},
	Says: "does not know a form by its media type once a charset is added",
	Hear: func(h *Heard) {
		if h.IsForm() && strings.Contains(h.Request.Header.Get("Content-Type"), ";") {
			h.Request.Header.Set("Content-Type", "application/octet-stream")
		}
	},
}

// LargeBodyServed reads bodies of any size.
var LargeBodyServed = Fault{
	Name: "large_body_served", Clause: "RFC 9110 §15.5.14", At: []string{Token, Introspection, Revocation},
	Says: "reads and serves bodies of any size",
	Hear: func(h *Heard) {
		const large = 64 << 10 // bytes in one value, more than any honest parameter
		if !h.IsForm() || len(h.Body()) <= large {
			return
		}
		h.EditForm(func(form url.Values) {
			for name := range form {
				if len(form.Get(name)) > large {
					form.Del(name)
				}
			}
		})
	},
}

// QueryServed reads the parameters of the URI's query like those of the body.
var QueryServed = Fault{
	Name: "query_served", Clause: "RFC 6749 §3.2", At: []string{Token, Introspection, Revocation},
	Says: "reads parameters from the query of the URI",
	Hear: func(h *Heard) {
		query := h.Request.URL.Query()
		if !h.IsForm() || len(query) == 0 {
			return
		}
		h.Request.URL.RawQuery = ""
		h.EditForm(func(form url.Values) {
			for name, values := range query {
				if !form.Has(name) {
					form[name] = values
				}
			}
		})
	},
}
