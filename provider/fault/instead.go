package fault

import (
	"bytes"
	"net/http"
	"net/url"
)

// What is answered instead of asking the endpoint: nothing is granted, spent or
// revoked, as when a proxy stands before a provider that is down.

// instead answers every request with a status and a body. headers are names and values in turn.
func instead(status int, body string, headers ...string) func(http.Handler) http.Handler {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "no-store")
			for i := 0; i+1 < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body)) // a client that is gone needs no answer
		})
	}
}

// page answers every request with a status and the page of a proxy, which names the status.
func page(status int, headers ...string) func(http.Handler) http.Handler {
	text := http.StatusText(status)
	return instead(status, "<html><head><title>"+text+"</title></head><body><h1>"+text+"</h1></body></html>\n",
		append(headers, "Content-Type", "text/html; charset=utf-8")...)
}

// refusing answers every request with a status and an error of OAuth (RFC 6749 §5.2).
func refusing(status int, code string, headers ...string) func(http.Handler) http.Handler {
	return instead(status, `{"error":"`+code+`"}`, append(headers, "Content-Type", "application/json")...)
}

// endless answers every request with a JSON object that ends with the connection, or after 50 MB.
func endless() func(http.Handler) http.Handler {
	return around(func(_ http.Handler, w http.ResponseWriter, r *http.Request) {
		const most = 50 << 20
		hearOut(r)
		w.Header().Set("Content-Type", "application/json")
		chunk := bytes.Repeat([]byte("0"), 64<<10)
		_, err := w.Write([]byte(`{"padding":"`))
		for sent := 0; sent < most && err == nil && r.Context().Err() == nil; sent += len(chunk) {
			_, err = w.Write(chunk)
		}
		panic(http.ErrAbortHandler)
	})
}

// moved marks, in the query, a request that was sent on already.
const moved = "mockoauth_fault_moved"

// redirected sends each request on to the same endpoint, where it is served.
func redirected(status int) func(http.Handler) http.Handler {
	return around(func(h http.Handler, w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		if query.Has(moved) {
			query.Del(moved)
			r.URL.RawQuery = query.Encode()
			h.ServeHTTP(w, r)
			return
		}
		redirect(w, status, "?"+moved+"=yes") // relative: the path stays, whatever a proxy made of it
	})
}

// redirectedTo sends each request on to where to says.
func redirectedTo(status int, to func(r *http.Request) string) func(http.Handler) http.Handler {
	return around(func(_ http.Handler, w http.ResponseWriter, r *http.Request) { redirect(w, status, to(r)) })
}

func redirect(w http.ResponseWriter, status int, to string) {
	w.Header().Set("Cache-Control", "no-store")
	if to != "" {
		w.Header().Set("Location", to)
	}
	w.WriteHeader(status)
}

// elsewhere is a host that is not the provider's, nor anybody's (RFC 2606 §2).
func elsewhere(r *http.Request) string { return "https://elsewhere.example" + r.URL.EscapedPath() }

// plainly is the same place without TLS.
func plainly(r *http.Request) string {
	return (&url.URL{Scheme: "http", Host: r.Host, Path: r.URL.Path}).String()
}

// nowhere is no place at all.
func nowhere(*http.Request) string { return "" }

// round is the same place again.
func round(r *http.Request) string { return "?" + r.URL.RawQuery + "&again=yes" }
