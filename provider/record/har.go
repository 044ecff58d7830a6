package record

import (
	"encoding/json"
	"net/http"
	"strings"
)

// HAR is exchanges as an HTTP Archive, version 1.2, which a browser's tools open.
// Its creator is a name and, behind the last space, a version: "mockoauth 1.0".
// What the provider decided is in each entry's comment. A body of the request
// that is not UTF-8 is in Base64, and its comment says so; a HAR has no other
// place for one. Nothing is hidden: see [Exchanges.Masked].
func HAR(xs Exchanges, creator string) ([]byte, error) {
	name, version := creator, ""
	if i := strings.LastIndexByte(creator, ' '); i >= 0 {
		name, version = creator[:i], creator[i+1:]
	}
	entries := make([]harEntry, len(xs))
	for i := range xs {
		entries[i] = newHAREntry(&xs[i])
	}
	return json.Marshal(map[string]harLog{"log": {Version: "1.2", Creator: harCreator{name, version}, Entries: entries}})
}

// What follows is named as in the HAR 1.2 specification. Members that it does
// not make optional are always there.
type harLog struct {
	Version string     `json:"version"`
	Creator harCreator `json:"creator"`
	Entries []harEntry `json:"entries"`
}

type harCreator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type harEntry struct {
	Started  string      `json:"startedDateTime"`
	Time     float64     `json:"time"` // ms
	Request  harRequest  `json:"request"`
	Response harResponse `json:"response"`
	Cache    struct{}    `json:"cache"`
	Timings  harTimings  `json:"timings"`
	Comment  string      `json:"comment,omitempty"`
}

type harTimings struct {
	Blocked float64 `json:"blocked"` // -1: does not apply
	DNS     float64 `json:"dns"`
	Connect float64 `json:"connect"`
	SSL     float64 `json:"ssl"`
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

type harRequest struct {
	Method      string       `json:"method"`
	URL         string       `json:"url"`
	HTTPVersion string       `json:"httpVersion"`
	Cookies     []harCookie  `json:"cookies"`
	Headers     []harPair    `json:"headers"`
	Query       []harPair    `json:"queryString"`
	PostData    *harPostData `json:"postData,omitempty"`
	HeadersSize int          `json:"headersSize"` // -1: not known
	BodySize    int          `json:"bodySize"`
	Comment     string       `json:"comment,omitempty"`
}

type harResponse struct {
	Status      int         `json:"status"`
	StatusText  string      `json:"statusText"`
	HTTPVersion string      `json:"httpVersion"`
	Cookies     []harCookie `json:"cookies"`
	Headers     []harPair   `json:"headers"`
	Content     harContent  `json:"content"`
	RedirectURL string      `json:"redirectURL"`
	HeadersSize int         `json:"headersSize"`
	BodySize    int         `json:"bodySize"`
	Comment     string      `json:"comment,omitempty"`
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// harPostData has text beside params, which the specification would rather not:
// Chrome and Firefox write both, and Chrome shows no other.
type harPostData struct {
	MIMEType string    `json:"mimeType"`
	Params   []harPair `json:"params"`
	Text     string    `json:"text"`
	Comment  string    `json:"comment,omitempty"`
}

type harContent struct {
	Size     int    `json:"size"`
	MIMEType string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
	Encoding string `json:"encoding,omitempty"`
	Comment  string `json:"comment,omitempty"`
}

func newHAREntry(x *Exchange) harEntry {
	took := float64(x.Took.Microseconds()) / 1000
	return harEntry{
		Started: stamp(x.At), Time: took,
		Request: newHARRequest(x), Response: newHARResponse(x),
		Timings: harTimings{Blocked: -1, DNS: -1, Connect: -1, SSL: -1, Wait: took},
		Comment: text(x.decision()),
	}
}

// decision is what was decided, in a line.
func (x *Exchange) decision() string {
	var words []string
	add := func(name, value string) {
		if value != "" {
			words = append(words, name+value)
		}
	}
	add("", x.Endpoint)
	add("client ", x.Client)
	add("grant ", x.Grant)
	add("user ", x.User)
	add("scope ", x.Scope)
	add("error ", x.Error)
	add("", x.Reason)
	add("", x.Detail)
	add("faults ", strings.Join(x.Faults, " "))
	if x.Dropped {
		add("connection dropped", " by the provider")
	}
	return strings.Join(words, "; ")
}

func newHARRequest(x *Exchange) harRequest {
	r := &x.Request
	out := harRequest{
		Method: text(x.Method), URL: text(x.url()), HTTPVersion: r.Proto,
		Cookies: requestCookies(r.Header), Headers: harHeaders(r.Header), Query: []harPair{},
		HeadersSize: -1, BodySize: len(r.Body),
	}
	if r.Host != "" {
		out.Headers = append([]harPair{{"Host", text(r.Host)}}, out.Headers...)
	}
	if _, query, ok := strings.Cut(r.URI, "?"); ok {
		query, _, _ = strings.Cut(query, "#")
		out.Query = formPairs(query)
	}
	if r.Cut {
		out.BodySize, out.Comment = -1, "more came than is kept"
	}
	if len(r.Body) > 0 {
		out.PostData = newHARPostData(r)
	}
	return out
}

func newHARPostData(r *Request) *harPostData {
	words, encoding := bodyText(r.Body, r.Cut)
	data := &harPostData{MIMEType: text(r.Header.Get("Content-Type")), Params: []harPair{}, Text: words}
	if encoding != "" {
		data.Comment = "text is Base64 of a body that is not UTF-8"
	}
	if strings.HasPrefix(strings.ToLower(data.MIMEType), "application/x-www-form-urlencoded") {
		data.Params = formPairs(string(r.Body))
	}
	return data
}

func newHARResponse(x *Exchange) harResponse {
	r := &x.Response
	words, encoding := bodyText(r.Body, r.Cut)
	out := harResponse{
		Status: x.Status, StatusText: http.StatusText(x.Status), HTTPVersion: x.Request.Proto,
		Cookies: responseCookies(r.Header), Headers: harHeaders(r.Header),
		Content:     harContent{Size: len(r.Body), MIMEType: text(r.Header.Get("Content-Type")), Text: words, Encoding: encoding},
		RedirectURL: text(r.Header.Get("Location")), HeadersSize: -1, BodySize: len(r.Body),
	}
	if r.Cut {
		out.BodySize, out.Content.Comment = -1, "more was written than is kept"
	}
	if x.Status == 0 {
		out.Comment = "nothing was answered"
	}
	return out
}

// url is the whole URL that was asked for.
func (x *Exchange) url() string {
	target := x.Request.URI
	if target == "" {
		target = x.Path
	}
	if strings.Contains(target, "://") && !strings.HasPrefix(target, "/") { // as a proxy is asked (RFC 9112 §3.2.2)
		return target
	}
	if !strings.HasPrefix(target, "/") { // OPTIONS * (RFC 9112 §3.2.4)
		target = "/" + target
	}
	if x.Request.TLS != "" {
		return "https://" + x.Request.Host + target
	}
	return "http://" + x.Request.Host + target
}
