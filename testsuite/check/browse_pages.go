package check

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// A person is who sits at a browser, for as long as one request takes.
type person struct {
	User
	login      Login
	denies     bool
	identified bool // has given the name
	proven     bool // has given the password: once, or a wrong one would go on for ever
	pressed    int  // buttons, other than for those
	withholds  string
	withheld   bool
}

// A sheet is a form filled in, and where it goes.
type sheet struct {
	method, action string
	values         url.Values
}

// fillIn fills in the form of a page. found is false when there is none to be passed.
func (p *person) fillIn(page Answer) (s sheet, found bool) {
	if !strings.Contains(page.MediaType(), "html") {
		return sheet{}, false
	}
	forms := formsOf(page.Body)
	for _, form := range forms {
		if form.has("password") && !p.proven {
			p.identified, p.proven = true, true
			return form.send(p.answers(form), p.press(form)), true
		}
	}
	const pressAtMost = 5
	if page.Status != http.StatusOK || p.pressed >= pressAtMost {
		return sheet{}, false
	}
	for _, form := range forms {
		typed := form.has("text") || form.has("email")
		switch {
		case form.has("password"):
			continue
		case typed && p.identified:
			continue // a search, or a name that was not good
		case typed:
			p.identified = true
			return form.send(p.answers(form), p.press(form)), true
		}
		p.pressed++
		for i, input := range form.inputs {
			if input.kind == "checkbox" && input.value == p.withholds && input.value != "" {
				form.inputs[i].checked, p.withheld = false, true
			}
		}
		return form.send(nil, p.press(form)), true
	}
	return sheet{}, false
}

// answers are what the person types into a form.
func (p *person) answers(form form) url.Values {
	typed := url.Values{}
	for name, values := range p.login.Fields {
		typed[name] = values
	}
	username, password := p.login.Username, p.login.Password
	for _, input := range form.inputs {
		switch input.kind {
		case "text", "email":
			if username == "" {
				username = input.name
			}
		case "password":
			if password == "" {
				password = input.name
			}
		}
	}
	if username != "" {
		typed.Set(username, p.Username)
	}
	if form.has("password") && password != "" {
		typed.Set(password, p.User.Password)
	}
	return typed
}

// press is the button that the person presses: their own name where there are
// names, else the first that is a denial, or none, as they like. nil for a form without.
func (p *person) press(form form) *input {
	buttons := slices.DeleteFunc(slices.Clone(form.inputs), func(i input) bool { return !i.isButton() })
	for _, wanted := range []func(input) bool{
		func(i input) bool { return i.value == p.Username && !p.denies },
		func(i input) bool { return i.isDenial() == p.denies },
	} {
		if i := slices.IndexFunc(buttons, wanted); i >= 0 {
			return &buttons[i]
		}
	}
	return nil
}

// A form is one of a page.
type form struct {
	method, action string
	inputs         []input
}

// An input is a control of a form.
type input struct {
	kind, name, value string // kind is the type: "hidden", "password", "submit"
	checked           bool
	words             string // what stands on a button
}

func (i input) isButton() bool { return i.kind == "submit" || i.kind == "image" }

// isDenial tells a button by which a user says no.
func (i input) isDenial() bool {
	said := strings.FieldsFunc(strings.ToLower(i.value+" "+i.name+" "+i.words), func(r rune) bool { return r < 'a' || r > 'z' })
	return slices.ContainsFunc(said, func(word string) bool {
		return slices.Contains([]string{"deny", "denied", "cancel", "reject", "decline", "disallow", "refuse", "no", "not", "stay", "abort", "back"}, word)
	})
}

func (f form) has(kind string) bool {
	return slices.ContainsFunc(f.inputs, func(i input) bool { return i.kind == kind })
}

// send is the form as a browser sends it: what it holds already, what is typed
// over it, and the button that is pressed.
func (f form) send(typed url.Values, button *input) sheet {
	values := url.Values{}
	for _, i := range f.inputs {
		switch {
		case i.name == "" || i.isButton():
		case (i.kind == "checkbox" || i.kind == "radio") && !i.checked:
		default:
			values.Add(i.name, i.value)
		}
	}
	for name, list := range typed {
		values[name] = list
	}
	if button != nil && button.name != "" {
		values.Add(button.name, button.value)
	}
	return sheet{method: f.method, action: f.action, values: values}
}

// formsOf reads the forms of a page.
func formsOf(page []byte) []form {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil
	}
	var forms []form
	for node := range root.Descendants() {
		if node.Type != html.ElementNode {
			continue
		}
		if node.Data == "form" {
			method := http.MethodGet
			if strings.EqualFold(attribute(node, "method"), "post") {
				method = http.MethodPost
			}
			forms = append(forms, form{method: method, action: attribute(node, "action")})
			continue
		}
		if last := len(forms) - 1; last >= 0 && (node.Data == "input" || node.Data == "button" || node.Data == "textarea") {
			forms[last].inputs = append(forms[last].inputs, inputOf(node))
		}
	}
	return forms
}

func inputOf(node *html.Node) input {
	i := input{kind: strings.ToLower(attribute(node, "type")), name: attribute(node, "name"), value: attribute(node, "value")}
	for _, a := range node.Attr {
		i.checked = i.checked || a.Key == "checked"
	}
	switch {
	case node.Data == "button" && i.kind == "":
		i.kind = "submit"
	case node.Data != "button" && i.kind == "":
		i.kind = "text"
	}
	var words strings.Builder
	for child := range node.Descendants() {
		if child.Type == html.TextNode {
			words.WriteString(child.Data)
		}
	}
	if i.words = words.String(); node.Data == "textarea" {
		i.kind, i.value = "textarea", i.words
	}
	return i
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// inWords is a page as its reader sees it: without the markup.
func inWords(page Answer) Answer {
	root, err := html.Parse(bytes.NewReader(page.Body))
	if err != nil || !strings.Contains(page.MediaType(), "html") {
		return page
	}
	var words []string
	for node := range root.Descendants() {
		if node.Type == html.TextNode && node.Parent.Data != "style" && node.Parent.Data != "script" {
			words = append(words, strings.Fields(node.Data)...)
		}
	}
	page.Body = []byte(strings.Join(words, " "))
	return page
}

// formOf reads the form that a request is about to send.
func formOf(request *http.Request) url.Values {
	body, err := request.GetBody()
	if err != nil {
		return url.Values{}
	}
	raw, _ := io.ReadAll(body) // of a string
	form, _ := url.ParseQuery(string(raw))
	return form
}
