package provider

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/mockoauth/mockoauth/fixtures"
)

// controlBodyAtMost bounds what a test sends, in bytes.
const controlBodyAtMost = 1 << 20

// A call is a request to the control.
type call struct {
	*http.Request
	w        http.ResponseWriter
	issuer   string // as whom the provider answers the request
	answered bool   // the verb has written the answer itself
}

// created says where that is which the call made.
func (c *call) created(path string) {
	c.w.Header().Set("Location", strings.TrimSuffix(c.issuer, "/")+ControlPath+path)
}

// body reads what the test sent, whatever it calls it: curl calls all a form.
func (c *call) body() ([]byte, *Refusal) {
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.Request.Body, controlBodyAtMost))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, refuse(http.StatusRequestEntityTooLarge, "The body is larger than 1 MiB.")
	case err != nil:
		return nil, refuse(http.StatusBadRequest, "The body cannot be read: %v.", err)
	}
	return body, nil
}

// decode reads a JSON body. A value that has a decoder of its own is read by that.
func decode[T any](body []byte) (value T, err error) {
	switch v := any(&value).(type) {
	case *fixtures.User:
		*v, err = fixtures.ParseUser(body)
		return value, problematic("user", err)
	case *fixtures.Client:
		*v, err = fixtures.ParseClient(body)
		return value, problematic("client", err)
	case *Tenant:
		*v, err = parseTenant(body)
		return value, err
	case *json.RawMessage:
		*v = body
		return value, nil
	}
	err = decodeInto[T](body, &value)
	return value, err
}

// decodeInto reads a JSON body that says what is in T into what out points at.
func decodeInto[T any](body []byte, out any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(out); err != nil {
		return undecodable[T](err)
	}
	if _, err := d.Token(); err != io.EOF {
		return refuse(http.StatusBadRequest, "There is more in the body after the JSON value.")
	}
	return nil
}

// problematic is an error of the fixtures' decoder as a refusal.
func problematic(what string, err error) error {
	if err == nil {
		return nil
	}
	return invalid(what, err)
}

// undecodable says what is wrong with a body.
func undecodable[T any](err error) *Refusal {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF):
		return refuse(http.StatusBadRequest, "The body is empty; it is to be JSON.")
	case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF):
		return refuse(http.StatusBadRequest, "The body is no JSON: %v.", err)
	case errors.As(err, &kind):
		refused := unprocessable("The body is not as it should be.")
		field := strings.TrimPrefix(kind.Field, "plain.") // what [parseTenant] embeds
		refused.Errors = []FieldError{{field, fmt.Sprintf("cannot be a JSON %s; write %s", kind.Value, kindOf(kind.Type))}}
		return refused
	}
	if name, isUnknown := strings.CutPrefix(err.Error(), "json: unknown field "); isUnknown {
		name = strings.Trim(name, `"`)
		refused := unprocessable("The body is not as it should be.")
		message := "unknown member"
		if near := fixtures.Suggest(name, members(reflect.TypeFor[T]())); near != "" {
			message += ", did you mean " + near + "?"
		}
		refused.Errors = []FieldError{{name, message}}
		return refused
	}
	return unprocessable("%v", err)
}

// kindOf is what JSON has for a type.
func kindOf(t reflect.Type) string {
	if t.Kind() == reflect.String || reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return "text in quotes"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Map, reflect.Struct, reflect.Pointer:
		return "an object"
	case reflect.Float64:
		return "a number"
	default:
		return "a whole number"
	}
}

// members are the names of a struct's members in JSON.
func members(t reflect.Type) (names []string) {
	if t.Kind() != reflect.Struct {
		return nil
	}
	for field := range t.Fields() {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}

// unescaped is a segment of a path as it is meant.
func unescaped(segment string) string {
	if plain, err := url.PathUnescape(segment); err == nil {
		return plain
	}
	return segment
}
