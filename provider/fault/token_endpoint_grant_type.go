package fault

import (
	"net/http"
	"net/url"
	"strings"
)

// GrantTypeAssumed takes a request without grant_type for client_credentials.
var GrantTypeAssumed = Fault{
	Name: "grant_type_assumed", Clause: "RFC 6749 §4.4.2", At: []string{Token},
	Says: "takes a request without grant_type for client_credentials",
	Hear: func(h *Heard) {
		if h.IsForm() && h.Form().Get("grant_type") == "" {
			h.EditForm(func(form url.Values) { form.Set("grant_type", "client_credentials") })
		}
	},
}

// GrantTypeCaseIgnored compares grant types without regard to case.
var GrantTypeCaseIgnored = Fault{
	Name: "grant_type_case_ignored", Clause: "RFC 6749 §1.9", At: []string{Token},
	Says: "compares grant types without regard to case",
	Hear: func(h *Heard) {
		form := h.Form()
		lower := strings.ToLower(form.Get("grant_type"))
		if h.IsForm() && len(form["grant_type"]) == 1 && lower != form.Get("grant_type") {
			form.Set("grant_type", lower)
			h.SetForm(form)
		}
	},
}

// FirstGrantOfListServed reads grant_type as a list, which scope is and grant_type is not.
var FirstGrantOfListServed = Fault{
	Name: "first_grant_of_list_served", Clause: "RFC 6749 §4.4.2", At: []string{Token},
	Says: "reads grant_type as a list and serves its first",
	Hear: func(h *Heard) {
		if grants := strings.Fields(h.Form().Get("grant_type")); h.IsForm() && len(grants) > 1 {
			h.EditForm(func(form url.Values) { form.Set("grant_type", grants[0]) })
		}
	},
}

// UnknownGrantServed takes an unknown grant_type for client_credentials.
var UnknownGrantServed = Fault{
	Name: "unknown_grant_served", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "takes an unknown grant_type for client_credentials",
	Hear: func(h *Heard) {
		if h.IsForm() && !knownGrant(h.Form().Get("grant_type")) {
			h.EditForm(func(form url.Values) { form.Set("grant_type", "client_credentials") })
		}
	},
}

// AbsentGrantUnsupported makes no difference between no grant_type and an unknown one.
var AbsentGrantUnsupported = Fault{
	Name: "absent_grant_unsupported", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "answers a request without grant_type with unsupported_grant_type",
	Hear: func(h *Heard) {
		if h.IsForm() && h.Form().Get("grant_type") == "" {
			h.Notes["no grant"] = "yes"
		}
	},
	Say: func(s *Said) {
		if s.Heard.Notes["no grant"] != "" && s.Status == http.StatusBadRequest {
			s.Edit(func(object map[string]any) { object["error"] = "unsupported_grant_type" })
		}
	},
}

// UnknownGrantInvalid has no word of its own for an unknown grant_type, as fosite has not.
var UnknownGrantInvalid = Fault{
	Name: "unknown_grant_invalid", Clause: "RFC 6749 §5.2", At: []string{Token},
	Says: "answers an unknown grant_type with invalid_request",
	Say: func(s *Said) {
		s.Edit(func(object map[string]any) {
			if object["error"] == "unsupported_grant_type" {
				object["error"] = "invalid_request"
			}
		})
	},
}

// knownGrant also knows the absent one, which is another mistake.
func knownGrant(grantType string) bool {
	switch grantType {
	case "", "client_credentials", "password", "refresh_token", "authorization_code":
		return true
	}
	return false
}
