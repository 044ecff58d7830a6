package endpoint

import (
	"net/http"
	"net/url"

	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/record"
)

// isForeign tells a request that a page of another origin has the browser make.
// Browsers say so in Sec-Fetch-Site, or where there is no TLS by Origin, which is
// ours by the names that clients and browsers know the provider by, whatever Host
// a proxy made of it. What no browser sends is not foreign.
func isForeign(r *http.Request) bool {
	if http.NewCrossOriginProtection().Check(r) == nil {
		return false
	}
	if r.Header.Get("Sec-Fetch-Site") != "" {
		return true
	}
	x := record.From(r.Context())
	origin := r.Header.Get("Origin")
	return origin != originOf(x.BrowserURL) && origin != originOf(x.Issuer)
}

// isVisit tells a request by which the browser goes to a page, rather than one for
// an image or a frame of some page, of which nobody need know.
func isVisit(r *http.Request) bool {
	dest := r.Header.Get("Sec-Fetch-Dest")
	return !isForeign(r) && (dest == "" || dest == "document")
}

func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// ownForm refuses the forms that pages of other origins send in the user's name.
func ownForm(r *http.Request) *engine.Error {
	if !isForeign(r) {
		return nil
	}
	refused := engine.Refuse(engine.InvalidRequest, "The form comes from a page of another origin.")
	refused.Status, refused.Fix = http.StatusForbidden, "Open the page again, at the address that the provider's metadata has, and send the form from there."
	return refused
}

// again answers a request that a page of another origin posted by the same as
// GET: over http the session's cookie does not come along with the former, and
// the user would seem to be logged out.
func (s *Sessions) again(w http.ResponseWriter, r *http.Request, form url.Values) bool {
	if r.Method != http.MethodPost || !isForeign(r) {
		return false
	}
	if _, err := r.Cookie(sessionCookie(r)); err == nil {
		return false
	}
	record.From(r.Context()).Detail = "asked again by GET"
	redirect(w, redirection(r.URL.Path, engine.ModeQuery, form))
	return true
}

// redirect sends the browser on (RFC 9700 §4.12: by 303, never 307, which would
// post the password on).
func redirect(w http.ResponseWriter, location string) {
	header := w.Header()
	header.Set("Location", location)
	header.Set("Cache-Control", "no-store")
	header.Set("Pragma", "no-cache")
	header.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(http.StatusSeeOther)
}
