package fault

import (
	"html"
	"net/http"
	"slices"
	"strings"
)

func authorizationPages() []Fault {
	return slices.Concat(
		advised(inTheBrowser,
			&RedirectedBy307, &PagesFramable, &PagesLeakReferrer, &AuthorizationCacheable, &LoginSkipped, &LoginPageWith401,
		),
		advised("checks state wherever the response comes, or refuses it", &FormPostIgnored),
		advised("sends a state of letters and digits only", &FormPostUnescaped),
		advised("asks for response modes that the metadata lists", &UnknownResponseModeServed, &UnknownResponseModeMiscoded),
	)
}

// RedirectedBy307 has the browser post the password on to the client.
var RedirectedBy307 = Fault{
	Name: "redirected_by_307", Clause: "RFC 9700 §4.12", At: []string{Authorization},
	Says: "redirects with 307",
	Say: func(s *Said) {
		if to, _ := s.Redirection(); to != "" {
			s.Status = http.StatusTemporaryRedirect
		}
	},
}

// isPage tells a page for the user.
func isPage(s *Said) bool { return strings.HasPrefix(s.Header.Get("Content-Type"), "text/html") }

// PagesFramable lets other sites put its pages under theirs.
var PagesFramable = Fault{
	Name: "pages_framable", Clause: "RFC 9700 §4.16", At: []string{Authorization, EndSession},
	Says: "lets any site frame its pages",
	Say: func(s *Said) {
		s.Header.Del("X-Frame-Options")
		s.Header.Del("Content-Security-Policy")
	},
}

// PagesLeakReferrer lets pages tell their address to others.
var PagesLeakReferrer = Fault{
	Name: "pages_leak_referrer", Clause: "RFC 9700 §4.2.4", At: []string{Authorization},
	Says: "has no Referrer-Policy",
	Say:  func(s *Said) { s.Header.Del("Referrer-Policy") },
}

// AuthorizationCacheable lets caches keep pages and codes.
var AuthorizationCacheable = Fault{
	Name: "authorization_cacheable", Clause: "RFC 9700 §4.2.4", At: []string{Authorization},
	Says: "lets caches keep its pages and redirects",
	Say:  func(s *Said) { s.Header.Set("Cache-Control", "private, max-age=300") },
}

// LoginSkipped logs in whoever comes, which a mock may do when it is told to, and not by default.
var LoginSkipped = Fault{
	Name: "login_skipped", Clause: "RFC 6749 §3.1", At: []string{Authorization},
	Says: "logs the first user in without asking for a password",
	Say: func(s *Said) {
		users := s.Heard.Known.Usernames()
		if s.Heard.Request.Method != http.MethodGet || !s.Succeeded() || !isPage(s) || len(users) == 0 {
			return
		}
		password, _ := s.Heard.Known.Password(users[0])
		s.Again(func(h *Heard) {
			form := h.Parameters()
			form.Set("action", "login")
			form.Set("username", users[0])
			form.Set("password", password)
			h.Request.Method = http.MethodPost
			h.SetForm(form)
		})
	},
}

// LoginPageWith401 takes a user who is not logged in yet for a client that does not authenticate.
var LoginPageWith401 = Fault{
	Name: "login_page_with_401", Clause: "RFC 9110 §15.5.2", At: []string{Authorization},
	Says: "shows its login page with 401 and no challenge",
	Say: func(s *Said) {
		if s.Succeeded() && isPage(s) {
			s.Status = http.StatusUnauthorized
		}
	},
}

// FormPostIgnored advertises form_post and answers by query.
var FormPostIgnored = Fault{
	Name: "form_post_ignored", Clause: "OAuth 2.0 Form Post §2", At: []string{Authorization},
	Says: "answers response_mode=form_post in the query",
	Hear: func(h *Heard) {
		if h.Parameters().Get("response_mode") == "form_post" {
			dropParameters("response_mode")(h)
		}
	},
}

// knownResponseMode also knows the absent one, which means query.
func knownResponseMode(mode string) bool {
	return slices.Contains([]string{"", "query", "fragment", "form_post"}, mode)
}

// FormPostUnescaped lets the client, or who made its link, write its page.
var FormPostUnescaped = Fault{
	Name: "form_post_unescaped", Clause: "OAuth 2.0 Form Post §2", At: []string{Authorization},
	Says: "puts state into the page of form_post as it came",
	Hear: noteAuthorization,
	Say: func(s *Said) {
		state := s.Heard.Notes["state"]
		if state != "" && isPage(s) && s.Heard.Notes["response_mode"] == "form_post" {
			s.Body = []byte(strings.ReplaceAll(string(s.Body), `"`+html.EscapeString(state)+`"`, `"`+state+`"`))
		}
	},
}

// UnknownResponseModeServed falls back to query.
var UnknownResponseModeServed = Fault{
	Name: "unknown_response_mode_served", Clause: "OAuth 2.0 Multiple Response Types §2.1", At: []string{Authorization},
	Says: "answers a response_mode that it does not know in the query",
	Hear: func(h *Heard) {
		if !knownResponseMode(h.Parameters().Get("response_mode")) {
			dropParameters("response_mode")(h)
		}
	},
}

// UnknownResponseModeMiscoded has an error code of its own; plain fosite does.
var UnknownResponseModeMiscoded = Fault{
	Name: "unknown_response_mode_miscoded", Clause: "RFC 6749 §4.1.2.1", At: []string{Authorization},
	Says: "refuses a response_mode that it does not know with unsupported_response_mode",
	Hear: func(h *Heard) {
		noteAuthorization(h)
		if !knownResponseMode(h.Notes["response_mode"]) {
			h.Notes["odd mode"] = "yes"
		}
	},
	Say: refuseBack("odd mode", "unsupported_response_mode"),
}
