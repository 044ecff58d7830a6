package fault

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// hearAtMost bounds, in bytes, what a fault reads of a request's body.
const hearAtMost = 4 << 20

// Known is what the provider knows: a fault that makes it lenient says the right
// thing in the client's place.
type Known interface {
	// ClientIDs lists the clients, in the order of the fixtures.
	ClientIDs() []string
	// Secret is a client's secret; empty for a public client. ok is false for an unknown one.
	Secret(clientID string) (secret string, ok bool)
	// Usernames lists the users, in the order of the fixtures.
	Usernames() []string
	// Password is a user's password. ok is false for an unknown user.
	Password(username string) (password string, ok bool)
}

// Heard is a request on its way to the endpoint. A fault may change the
// Request's method, URL, header and body.
type Heard struct {
	Request  *http.Request
	Endpoint string
	Known    Known
	Memory   *Memory           // what this fault remembers since it was injected
	Notes    map[string]string // what it notes of this request, for its own Say

	broken error // why the body could not be read to its end
}

// Body is the request's body, which stays readable for the endpoint; at most 4 MiB of it.
func (h *Heard) Body() []byte {
	if h.Request.Body == nil {
		return nil
	}
	raw, err := io.ReadAll(io.LimitReader(h.Request.Body, hearAtMost))
	if err != nil {
		h.broken = err
	}
	h.setBody(raw)
	return raw
}

// Form is the body read as a form, with lenience: what cannot be decoded is left
// out. Changing it changes nothing; see [Heard.SetForm].
func (h *Heard) Form() url.Values {
	form, _ := url.ParseQuery(string(h.Body()))
	return form
}

// IsForm tells a POST of a form: the only requests whose parameters a fault may change.
func (h *Heard) IsForm() bool {
	mediaType, _, _ := mime.ParseMediaType(h.Request.Header.Get("Content-Type"))
	return h.Request.Method == http.MethodPost && mediaType == "application/x-www-form-urlencoded"
}

// SetForm makes form the request's body, in the media type that it should have.
func (h *Heard) SetForm(form url.Values) {
	h.setBody([]byte(form.Encode()))
	h.Request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
}

// EditForm lets edit change the body's form.
func (h *Heard) EditForm(edit func(url.Values)) {
	form := h.Form()
	edit(form)
	h.SetForm(form)
}

// Parameters is what the request says: the form of a POST, or the query. Changing
// it changes nothing; see [Heard.EditParameters].
func (h *Heard) Parameters() url.Values {
	if h.IsForm() {
		return h.Form()
	}
	query, _ := url.ParseQuery(h.Request.URL.RawQuery)
	return query
}

// EditParameters lets edit change what [Heard.Parameters] answers.
func (h *Heard) EditParameters(edit func(url.Values)) {
	if h.IsForm() {
		h.EditForm(edit)
		return
	}
	query := h.Parameters()
	edit(query)
	h.Request.URL.RawQuery = query.Encode()
}

func (h *Heard) setBody(raw []byte) {
	var body io.Reader = bytes.NewReader(raw)
	if h.broken != nil { // a request that breaks off does so for the endpoint too
		body = io.MultiReader(body, broken{h.broken})
	}
	h.Request.Body = io.NopCloser(body)
	h.Request.ContentLength = int64(len(raw))
}

// ClientID is the client that the request names, by Basic, in the form or, when a
// browser brings it, in the query.
func (h *Heard) ClientID() string {
	if id := basicClientID(h.Request); id != "" {
		return id
	}
	if h.Request.Method == http.MethodGet {
		return h.Request.URL.Query().Get("client_id")
	}
	return h.Form().Get("client_id")
}

// Authenticate replaces the request's client authentication by the one that the
// provider expects of the client: Basic with its secret, or client_id alone for
// a public client.
func (h *Heard) Authenticate(clientID string) {
	secret, _ := h.Known.Secret(clientID)
	h.EditForm(func(form url.Values) {
		form.Del("client_secret")
		form.Set("client_id", clientID)
	})
	h.Request.Header.Del("Authorization")
	if secret != "" {
		h.Request.SetBasicAuth(url.QueryEscape(clientID), url.QueryEscape(secret))
	}
}

func basicClientID(r *http.Request) string {
	user, _, ok := r.BasicAuth()
	if !ok {
		return ""
	}
	id, err := url.QueryUnescape(user)
	if err != nil {
		return strings.ToValidUTF8(user, "")
	}
	return id
}

// broken is the rest of a body that cannot be read.
type broken struct{ err error }

// Read fails.
func (b broken) Read([]byte) (int, error) { return 0, b.err }
