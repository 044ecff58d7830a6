package fault

import (
	"net/http"
	"strconv"
	"time"
)

// What a connection can do wrong, each as a seam: Wire: fault.Truncate(10). They
// wrap what is served, so that of several the outermost acts first; they wait by
// [Wait], and end when the request's context does. To cut is to panic with
// [http.ErrAbortHandler]: HTTP/1.1 closes the connection, HTTP/2 resets the stream
// and leaves the connection to the others on it.

// Delay waits for d before it has the request answered, by [Wait]. When the
// request's context ends first, as it does when the client goes, the request is
// not served at all.
func Delay(d time.Duration) func(http.Handler) http.Handler {
	return around(func(h http.Handler, w http.ResponseWriter, r *http.Request) {
		hearOut(r)
		if Wait(r.Context(), d) != nil {
			panic(http.ErrAbortHandler)
		}
		h.ServeHTTP(w, r)
	})
}

// Drop cuts the connection before the request is served: it has no effect.
func Drop() func(http.Handler) http.Handler {
	return around(func(http.Handler, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
}

// Lose serves the request, with all its effects, and cuts the connection instead
// of sending the answer.
func Lose() func(http.Handler) http.Handler {
	return around(func(h http.Handler, _ http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(&bufferedAnswer{header: http.Header{}}, r)
		panic(http.ErrAbortHandler)
	})
}

// DropAfter sends the headers and n bytes of the body, or the whole of a shorter
// one, and cuts the connection. It does not say how long the body is: HTTP/1.1
// sends it in chunks, of which the last is missing.
func DropAfter(n int) func(http.Handler) http.Handler {
	return around(func(h http.Handler, w http.ResponseWriter, r *http.Request) {
		answer := hold(h, w, r, n)
		w.Header().Del("Content-Length")
		answer.send(w)
		cut(w)
	})
}

// Truncate says in Content-Length how long the body is, sends n bytes of it and
// cuts the connection. An answer with no more than n bytes is sent as it is.
func Truncate(n int) func(http.Handler) http.Handler {
	return around(func(h http.Handler, w http.ResponseWriter, r *http.Request) {
		answer := hold(h, w, r, n)
		whole := answer.length == len(answer.body)
		if !whole {
			w.Header().Set("Content-Length", strconv.Itoa(answer.length))
		}
		answer.send(w)
		if !whole {
			cut(w)
		}
	})
}

// Drip sends the body chunk bytes at a time, and waits between two chunks by [Wait].
// When the request's context ends meanwhile, the rest is not sent.
func Drip(chunk int, every time.Duration) func(http.Handler) http.Handler {
	chunk = max(chunk, 1)
	return around(func(h http.Handler, w http.ResponseWriter, r *http.Request) {
		hearOut(r)
		d := &drippingAnswer{ResponseWriter: w, request: r, chunk: chunk, every: every, left: chunk}
		h.ServeHTTP(d, r)
		if d.ended {
			panic(http.ErrAbortHandler)
		}
	})
}

// The bounds of [WrongLength], in bytes.
const (
	wrongAtMost = 4 << 20 // of a body
	mostBeyond  = 4 << 10 // beyond its end, to a connection without deadlines: the system must be able to buffer it
)

// WrongLength says a Content-Length that is delta more than the body has, or less:
// at most 4 KiB less, and never below 0. With more, the connection is cut where
// the body ends. With less, the body goes on beyond its end, whereupon the
// connection is closed; where that cannot be sent (over HTTP/2, and to a recorder)
// the body ends where its length says, which is what a client sees of it anyway.
// Of a body longer than 4 MiB the rest is left out.
func WrongLength(delta int) func(http.Handler) http.Handler {
	return around(func(h http.Handler, w http.ResponseWriter, r *http.Request) {
		answer := hold(h, w, r, wrongAtMost)
		if !hasContent(answer.status) {
			answer.send(w)
			return
		}
		length := max(len(answer.body)+max(delta, -mostBeyond), 0)
		said := min(length, len(answer.body))
		beyond := answer.body[said:]
		answer.body = answer.body[:said]
		w.Header().Set("Content-Length", strconv.Itoa(length))
		answer.send(w)
		switch {
		case r.Method == http.MethodHead: // whose answer has no body
		case length > said:
			cut(w)
		case len(beyond) > 0:
			controller := http.NewResponseController(w)
			_ = controller.Flush()
			if connection, _, err := controller.Hijack(); err == nil {
				_, _ = connection.Write(beyond)
				_ = connection.Close()
			}
		}
	})
}

// around is a seam that serves with what it wraps.
func around(serve func(h http.Handler, w http.ResponseWriter, r *http.Request)) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve(h, w, r) })
	}
}

// hearOut reads the body of a request before something waits: net/http watches
// for the client's going only when it has read all that the client said.
func hearOut(r *http.Request) { (&Heard{Request: r}).Body() }

// hold has h answer, with the headers of w, and keeps at most n bytes of the body.
func hold(h http.Handler, w http.ResponseWriter, r *http.Request, n int) *bufferedAnswer {
	answer := &bufferedAnswer{header: w.Header(), most: max(n, 0)}
	h.ServeHTTP(answer, r)
	answer.WriteHeader(http.StatusOK) // of an answer without a word
	return answer
}

// send sends what was kept.
func (b *bufferedAnswer) send(w http.ResponseWriter) {
	w.WriteHeader(b.status)
	_, _ = w.Write(b.body) // a client that is gone needs no answer
}

// cut sends what was written so far, and no more.
func cut(w http.ResponseWriter) {
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// A drippingAnswer is an answer that takes its time.
type drippingAnswer struct {
	http.ResponseWriter
	request *http.Request
	chunk   int
	every   time.Duration
	left    int  // of this chunk
	ended   bool // with the request's context
}

// Write sends a part of the body, a chunk at a time.
func (d *drippingAnswer) Write(p []byte) (written int, err error) {
	for len(p) > 0 && err == nil {
		if d.left == 0 {
			if err = Wait(d.request.Context(), d.every); err != nil {
				d.ended = true
				return written, err
			}
			d.left = d.chunk
		}
		n, wrote := min(len(p), d.left), 0
		wrote, err = d.ResponseWriter.Write(p[:n])
		written, p, d.left = written+wrote, p[n:], d.left-n
		_ = http.NewResponseController(d.ResponseWriter).Flush()
	}
	return written, err
}

// Unwrap is for http.ResponseController.
func (d *drippingAnswer) Unwrap() http.ResponseWriter { return d.ResponseWriter }
