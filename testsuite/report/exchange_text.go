package report

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// bodyShown is how many bytes of a body are shown outside results.json.
const bodyShown = 8 << 10

// request is the exchange's request as people read it.
func (x Exchange) request() string { return x.Method + " " + x.URL + headerLines(x.Header) }

// statusLine is "400 Bad Request", or why there is none.
func (x Exchange) statusLine() string {
	if x.Status == 0 {
		return "no answer"
	}
	return strings.TrimSpace(strconv.Itoa(x.Status) + " " + http.StatusText(x.Status))
}

func headerLines(h Header) string {
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			out.WriteString("\n" + name + ": " + value)
		}
	}
	return out.String()
}

// shown is a body as people read it: JSON with line breaks, and not too long.
func shown(body string) (text string, wasCut bool) {
	if begins := strings.TrimLeft(body, " \t\r\n"); strings.HasPrefix(begins, "{") || strings.HasPrefix(begins, "[") {
		var out bytes.Buffer
		if json.Indent(&out, []byte(body), "", "  ") == nil {
			body = out.String()
		}
	}
	return shortened(body, bodyShown)
}

// text is the whole exchange as people read it.
func (x Exchange) text() string {
	var out strings.Builder
	part := func(head, body string) {
		out.WriteString(head + "\n")
		if text, wasCut := shown(body); text != "" {
			out.WriteString("\n" + text + "\n")
			if wasCut || x.Cut {
				out.WriteString("…\n")
			}
		}
		out.WriteString("\n")
	}
	part(x.request(), x.Body)
	part(x.statusLine()+headerLines(x.AnswerHeader), x.Answer)
	if x.Error != "" {
		out.WriteString(x.Error + "\n\n")
	}
	return out.String()
}
