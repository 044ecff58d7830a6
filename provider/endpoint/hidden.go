package endpoint

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/mockoauth/mockoauth/provider/ui"
)

// encoded is at the end of a hidden field's name when its value is percent-encoded: browsers
// make CR LF of a line's end (HTML Living Standard §4.10.22.4), whatever it was,
// and a state must come back as it came (RFC 6749 §4.1.2).
const encoded = "*"

// fieldsOf are a form's parameters as hidden fields, in the order of their names.
func fieldsOf(form url.Values) (fields []ui.Field) {
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			if strings.ContainsAny(value, "\r\n") {
				fields = append(fields, ui.Field{Name: name + encoded, Value: url.QueryEscape(value)})
			} else {
				fields = append(fields, ui.Field{Name: name, Value: value})
			}
		}
	}
	return fields
}

// restore makes of a page's form that was sent back the parameters that it carried.
func restore(form url.Values) {
	for _, field := range slices.Collect(maps.Keys(form)) {
		name, isEncoded := strings.CutSuffix(field, encoded)
		if !isEncoded {
			continue
		}
		for _, value := range form[field] {
			if plain, err := url.QueryUnescape(value); err == nil {
				form[name] = append(form[name], plain)
			}
		}
		form.Del(field)
	}
}
