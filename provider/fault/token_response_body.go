package fault

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode/utf16"
)

func tokenResponseBody() []Fault {
	return slices.Concat(
		advised("reads JSON whatever it is called or refuses the answer, and never takes it for a form", &HTMLForJSON, &OctetsForJSON, &ContentTypeMissing),
		advised("reads it: media types have no case, and may have parameters", &ContentTypeFolded, &CharsetAdded),
		advised("reads JSON as UTF-8, whatever charset is said", &CharsetLatin1),
		advised(refusesAnswer, &JSONInUTF16, &FormForJSON, &LoginPageForToken, &PageCalledJSON,
			&TokenResponseEmpty, &TokenResponseNoContent, &TokenResponseNull, &TokenResponseInList, &TokenResponseAsString, &TokenResponseIsNumber,
			&JSONCutShort, &JSONWithComma, &GarbageAfterJSON, &GzipClaimed),
		advised("ignores a byte order mark, or refuses the answer", &JSONWithBOM),
		advised("reads the escapes of JSON", &JSONEscaped),
		advised("refuses the answer, or takes the last of the values each time", &AccessTokenTwice),
		advised("reads it when it asked for gzip, and else refuses the answer", &GzipAlways),
		advised("bounds what it reads, also of what it inflates, and refuses the answer", &GzipBomb, &TokenResponseEndless),
		advised("takes 200 only, or any 2xx with a whole token response", &TokenResponseCreated, &TokenResponseAccepted),
	)
}

// callsJSON has a good token response called something else.
func callsJSON(contentType ...string) func(*Said) {
	return func(s *Said) {
		if s.Succeeded() && s.Object() != nil {
			s.Header["Content-Type"] = contentType // nil: net/http is not to guess
		}
	}
}

// HTMLForJSON calls its JSON a page.
var HTMLForJSON = Fault{
	Name: "html_for_json", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "calls its JSON text/html",
	Say:  callsJSON("text/html; charset=utf-8"),
}

// OctetsForJSON calls its JSON a download.
var OctetsForJSON = Fault{
	Name: "octets_for_json", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "calls its JSON application/octet-stream",
	Say:  callsJSON("application/octet-stream"),
}

// ContentTypeMissing does not say what it sends.
var ContentTypeMissing = Fault{
	Name: "content_type_missing", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "sends its JSON without a Content-Type",
	Say:  callsJSON(),
}

// ContentTypeFolded writes the media type in another case, which is the same.
var ContentTypeFolded = Fault{
	Name: "content_type_folded", Clause: "RFC 9110 §8.3.1", At: []string{Token},
	Says: "calls its JSON Application/JSON",
	Say:  callsJSON("Application/JSON"),
}

// CharsetAdded adds a parameter that the media type does not have.
var CharsetAdded = Fault{
	Name: "charset_added", Clause: "RFC 8259 §11", At: []string{Token},
	Says: "calls its JSON application/json;charset=UTF-8",
	Say:  callsJSON("application/json;charset=UTF-8"),
}

// CharsetLatin1 calls its UTF-8 ISO-8859-1.
var CharsetLatin1 = Fault{
	Name: "charset_latin1", Clause: "RFC 8259 §8.1", At: []string{Token},
	Says: "calls its JSON ISO-8859-1, with a name in UTF-8 in it",
	Say: func(s *Said) {
		saysMember("name", "José")(s)
		callsJSON("application/json; charset=iso-8859-1")(s)
	},
}

// editBody changes the bytes of a good token response.
func editBody(edit func(body []byte) []byte) func(*Said) {
	return func(s *Said) {
		if s.Succeeded() && s.Object() != nil {
			s.Body = edit(bytes.TrimSpace(s.Body))
		}
	}
}

// JSONInUTF16 writes its JSON in UTF-16.
var JSONInUTF16 = Fault{
	Name: "json_in_utf16", Clause: "RFC 8259 §8.1", At: []string{Token},
	Says: "writes its JSON in UTF-16",
	Say: editBody(func(body []byte) []byte {
		out := []byte{0xff, 0xfe} // little end first
		for _, unit := range utf16.Encode([]rune(string(body))) {
			out = binary.LittleEndian.AppendUint16(out, unit)
		}
		return out
	}),
}

// FormForJSON answers a form, as GitHub and Facebook did.
var FormForJSON = Fault{
	Name: "form_for_json", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "answers a form instead of JSON",
	Say: func(s *Said) {
		form := url.Values{}
		for name, value := range s.Object() {
			switch value := value.(type) {
			case string:
				form.Set(name, value)
			case json.Number:
				form.Set(name, value.String())
			}
		}
		if s.Succeeded() && len(form) > 0 {
			s.Body = []byte(form.Encode())
			s.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
	},
}

// aPage is what a proxy or a portal has to say.
const aPage = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form><input name=password type=password></form></body></html>\n"

// LoginPageForToken is what a captive portal answers.
var LoginPageForToken = Fault{
	Name: "login_page_for_token", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "answers 200 and a login page",
	Wire: instead(http.StatusOK, aPage, "Content-Type", "text/html; charset=utf-8"),
}

// PageCalledJSON calls a page JSON.
var PageCalledJSON = Fault{
	Name: "page_called_json", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "answers a page and calls it application/json",
	Wire: instead(http.StatusOK, aPage, "Content-Type", "application/json"),
}

// TokenResponseEmpty grants a token and does not tell it.
var TokenResponseEmpty = Fault{
	Name: "token_response_empty", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "answers 200 and an empty body",
	Say:  editBody(func([]byte) []byte { return nil }),
}

// TokenResponseNoContent says that there is nothing to say.
var TokenResponseNoContent = Fault{
	Name: "token_response_no_content", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "answers 204",
	Say: func(s *Said) {
		if s.Succeeded() {
			s.Status, s.Body = http.StatusNoContent, nil
			s.Header.Del("Content-Type")
		}
	},
}

// TokenResponseNull answers null.
var TokenResponseNull = Fault{
	Name: "token_response_null", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "answers null",
	Say:  editBody(func([]byte) []byte { return []byte("null") }),
}

// TokenResponseInList answers an array.
var TokenResponseInList = Fault{
	Name: "token_response_in_list", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "answers an array with the object in it",
	Say:  editBody(func(body []byte) []byte { return slices.Concat([]byte("["), body, []byte("]")) }),
}

// TokenResponseAsString encodes its JSON twice.
var TokenResponseAsString = Fault{
	Name: "token_response_as_string", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "answers a string with the object in it",
	Say: editBody(func(body []byte) []byte {
		text, _ := json.Marshal(string(body)) // a string cannot fail
		return text
	}),
}

// TokenResponseIsNumber answers a number.
var TokenResponseIsNumber = Fault{
	Name: "token_response_is_number", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "answers 42",
	Say:  editBody(func([]byte) []byte { return []byte("42") }),
}

// JSONCutShort ends in the middle, as if that were all.
var JSONCutShort = Fault{
	Name: "json_cut_short", Clause: "RFC 8259 §4", At: []string{Token},
	Says: "sends the first half of its JSON, and says that it is the whole",
	Say:  editBody(func(body []byte) []byte { return body[:len(body)/2] }),
}

// JSONWithComma writes what JavaScript would take.
var JSONWithComma = Fault{
	Name: "json_with_comma", Clause: "RFC 8259 §4", At: []string{Token},
	Says: "has a comma behind the last member of its JSON",
	Say:  editBody(func(body []byte) []byte { return slices.Concat(bytes.TrimSuffix(body, []byte("}")), []byte(",}")) }),
}

// GarbageAfterJSON goes on when all is said, as a server with a warning to print does.
var GarbageAfterJSON = Fault{
	Name: "garbage_after_json", Clause: "RFC 8259 §2", At: []string{Token},
	Says: "sends a page after its JSON",
	Say:  editBody(func(body []byte) []byte { return slices.Concat(body, []byte("\n"+aPage)) }),
}

// GzipClaimed calls plain text compressed.
var GzipClaimed = Fault{
	Name: "gzip_claimed", Clause: "RFC 9110 §8.4", At: []string{Token},
	Says: "says Content-Encoding: gzip of what is not compressed",
	Wire: around(func(h http.Handler, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		h.ServeHTTP(w, r)
	}),
}

// JSONWithBOM begins with a byte order mark.
var JSONWithBOM = Fault{
	Name: "json_with_bom", Clause: "RFC 8259 §8.1", At: []string{Token},
	Says: "begins its JSON with a byte order mark",
	Say:  editBody(func(body []byte) []byte { return slices.Concat([]byte("\xef\xbb\xbf"), body) }),
}

// JSONEscaped escapes what it need not, as it may.
var JSONEscaped = Fault{
	Name: "json_escaped", Clause: "RFC 8259 §7", At: []string{Token},
	Says: `writes - as \u002d and / as \/ in its JSON`,
	Say: editBody(func(body []byte) []byte {
		return []byte(strings.NewReplacer("-", `\u002d`, "/", `\/`).Replace(string(body)))
	}),
}

// AccessTokenTwice has two members of one name.
var AccessTokenTwice = Fault{
	Name: "access_token_twice", Clause: "RFC 8259 §4", At: []string{Token},
	Says: "has two members access_token, of which the last is good",
	Say: editBody(func(body []byte) []byte {
		return slices.Concat([]byte(`{"access_token":"the-first-of-two",`), bytes.TrimPrefix(body, []byte("{")))
	}),
}

// gzipped is a body, compressed as far as it goes.
func gzipped(body []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // a level that there is
	_, _ = w.Write(body)                                    // to memory, which does not fail
	_ = w.Close()
	return out.Bytes()
}

// GzipAlways compresses, whether the client can read it or not.
var GzipAlways = Fault{
	Name: "gzip_always", Clause: "RFC 9110 §12.5.3", At: []string{Token},
	Says: "compresses its answers, also for a client that did not ask for it",
	Say: func(s *Said) {
		if len(s.Body) > 0 {
			s.Body = gzipped(s.Body)
			s.Header.Set("Content-Encoding", "gzip")
		}
	},
}

// bomb makes 10 MB of JSON in 10 kB, once.
var bomb = sync.OnceValue(func() []byte {
	const zeros = 10 << 20
	return gzipped([]byte(`{"padding":"` + strings.Repeat("0", zeros) + `","access_token":"from-a-bomb","token_type":"Bearer","expires_in":3600}`))
})

// GzipBomb answers 10 kB that become 10 MB.
var GzipBomb = Fault{
	Name: "gzip_bomb", Clause: "RFC 9110 §8.4", At: []string{Token},
	Says: "answers 10 kB of gzip that inflate to 10 MB of JSON",
	Say: func(s *Said) {
		if s.Succeeded() {
			s.Body = bomb()
			s.Header.Set("Content-Encoding", "gzip")
			s.Header.Set("Content-Type", "application/json")
		}
	},
}

// TokenResponseEndless does not come to an end.
var TokenResponseEndless = Fault{
	Name: "token_response_endless", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "answers JSON that does not end before 50 MB",
	Wire: endless(),
}

// TokenResponseCreated answers 201 and a token.
var TokenResponseCreated = Fault{
	Name: "token_response_created", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "answers 201 and a token",
	Say:  servedWith(http.StatusCreated),
}

// TokenResponseAccepted answers 202 and a token.
var TokenResponseAccepted = Fault{
	Name: "token_response_accepted", Clause: "RFC 6749 §5.1", At: []string{Token},
	Says: "answers 202 and a token",
	Say:  servedWith(http.StatusAccepted),
}

func servedWith(status int) func(*Said) {
	return func(s *Said) {
		if s.Succeeded() {
			s.Status = status
		}
	}
}
