package fault

import (
	"net/http"
	"net/url"
	"strings"
)

// Redirection is where the answer sends a browser, and the parameters that it
// brings there in the query or the fragment; they are nil for any other answer.
func (s *Said) Redirection() (to string, parameters url.Values) {
	location := s.Header.Get("Location")
	if s.Status/100 != 3 || location == "" {
		return "", nil
	}
	to, encoded, _ := cutParameters(location)
	parameters, _ = url.ParseQuery(encoded)
	return to, parameters
}

// EditRedirection lets edit change the parameters that a redirect brings, which
// stay in the query or the fragment; any other answer is left alone.
func (s *Said) EditRedirection(edit func(parameters url.Values)) {
	_, parameters := s.Redirection()
	if parameters == nil {
		return
	}
	to, _, sign := cutParameters(s.Header.Get("Location"))
	edit(parameters)
	s.Header.Set("Location", to+sign+parameters.Encode())
}

// Redirect makes the answer a redirect that brings parameters in the query.
func (s *Said) Redirect(to string, parameters url.Values) {
	sign := "?"
	if strings.Contains(to, "?") {
		sign = "&"
	}
	if len(parameters) > 0 {
		to += sign + parameters.Encode()
	}
	s.Status, s.Body = http.StatusSeeOther, nil
	s.Header = http.Header{"Location": {to}, "Cache-Control": {"no-store"}}
}

// Page makes the answer a page.
func (s *Said) Page(status int, html string) {
	s.Status, s.Body = status, []byte(html)
	s.Header.Del("Location")
	s.Header.Set("Content-Type", "text/html; charset=utf-8")
}

// cutParameters parts a redirect before its fragment, if it has one, or its query.
func cutParameters(location string) (to, encoded, sign string) {
	for _, sign := range []string{"#", "?"} {
		if to, encoded, found := strings.Cut(location, sign); found {
			return to, encoded, sign
		}
	}
	return location, "", "?"
}
