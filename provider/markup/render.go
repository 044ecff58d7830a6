package markup

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"
)

// functions are those the pages may call; a parser asks only whether they are there.
func functions() map[string]any {
	return map[string]any{"or": true, "not": true, "eq": true, "printf": true}
}

// A renderer writes one template.
type renderer struct {
	out       *bytes.Buffer
	pages     Pages
	variables map[string]reflect.Value
}

// render writes the named template for data.
func render(out *bytes.Buffer, pages Pages, name string, data reflect.Value) {
	r := renderer{out, pages, map[string]reflect.Value{"$": data}}
	r.list(pages[name].Root, data)
}

func (r renderer) list(nodes *parse.ListNode, dot reflect.Value) {
	if nodes == nil {
		return // an else that is not there
	}
	for _, n := range nodes.Nodes {
		r.node(n, dot)
	}
}

func (r renderer) node(n parse.Node, dot reflect.Value) {
	switch n := n.(type) {
	case *parse.TextNode:
		r.out.Write(n.Text)
	case *parse.ActionNode:
		v := r.pipe(n.Pipe, dot)
		if len(n.Pipe.Decl) == 0 {
			r.print(v)
		}
	case *parse.IfNode:
		if isTrue(r.pipe(n.Pipe, dot)) {
			r.list(n.List, dot)
		} else {
			r.list(n.ElseList, dot)
		}
	case *parse.WithNode:
		if v := r.pipe(n.Pipe, dot); isTrue(v) {
			r.list(n.List, v)
		} else {
			r.list(n.ElseList, dot)
		}
	case *parse.RangeNode:
		v := r.pipe(n.Pipe, dot)
		for i := range v.Len() {
			r.list(n.List, v.Index(i))
		}
		if v.Len() == 0 {
			r.list(n.ElseList, dot)
		}
	case *parse.TemplateNode:
		var v reflect.Value
		if n.Pipe != nil {
			v = r.pipe(n.Pipe, dot)
		}
		render(r.out, r.pages, n.Name, v)
	default:
		panic(fmt.Sprintf("markup: no page may use %s", n))
	}
}

// pipe is what one command gives, which is also what it declares.
func (r renderer) pipe(p *parse.PipeNode, dot reflect.Value) reflect.Value {
	if len(p.Cmds) != 1 {
		panic(fmt.Sprintf("markup: no page may pipe, as %s does", p))
	}
	args := p.Cmds[0].Args
	var v reflect.Value
	if name, ok := args[0].(*parse.IdentifierNode); ok {
		v = r.call(name.Ident, args[1:], dot)
	} else {
		v = r.operand(args[0], dot)
	}
	for _, d := range p.Decl {
		r.variables[d.Ident[0]] = v
	}
	return v
}

func (r renderer) call(name string, args []parse.Node, dot reflect.Value) reflect.Value {
	var v []reflect.Value
	for _, arg := range args {
		v = append(v, r.operand(arg, dot))
	}
	switch name {
	case "not":
		return reflect.ValueOf(!isTrue(v[0]))
	case "eq":
		return reflect.ValueOf(v[0].String() == v[1].String())
	case "printf":
		return reflect.ValueOf(fmt.Sprintf(v[0].String(), v[1].String()))
	}
	if i := slices.IndexFunc(v, isTrue); i >= 0 { // or
		return v[i]
	}
	return v[len(v)-1]
}

func (r renderer) operand(n parse.Node, dot reflect.Value) reflect.Value {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return field(dot, n.Ident)
	case *parse.VariableNode:
		return field(r.variables[n.Ident[0]], n.Ident[1:])
	case *parse.StringNode:
		return reflect.ValueOf(n.Text)
	case *parse.PipeNode:
		return r.pipe(n, dot)
	}
	panic(fmt.Sprintf("markup: no page may use %s", n))
}

// field follows a chain of names.
func field(v reflect.Value, names []string) reflect.Value {
	for _, name := range names {
		for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
			v = v.Elem()
		}
		of := v
		if v = of.FieldByName(name); !v.IsValid() {
			panic(fmt.Sprintf("markup: a page asks for %s.%s", of.Type(), name))
		}
	}
	return v
}

// isTrue is whether an if would take it: not empty.
func isTrue(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String, reflect.Slice:
		return v.Len() > 0
	case reflect.Struct:
		return true
	}
	return v.IsValid() && !v.IsZero()
}

// print writes a value as the text before it demands.
func (r renderer) print(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
	case reflect.Int:
		r.out.WriteString(strconv.FormatInt(v.Int(), 10))
		return
	default:
		panic(fmt.Sprintf("markup: a page cannot show %s", v.Type()))
	}
	s := v.String()
	switch v.Type() {
	case reflect.TypeFor[CSS](), reflect.TypeFor[JS]():
		r.out.WriteString(s)
		return
	}
	before := r.out.Bytes()
	if bytes.HasSuffix(before, []byte(`action="`)) || bytes.HasSuffix(before, []byte(`href="`)) {
		s = encodeURL(s, v.Type() == reflect.TypeFor[Address]())
	}
	writeEscaped(r.out, s)
}

// writeEscaped writes text that neither ends an element or a quoted attribute
// nor starts one (HTML Living Standard §13.3).
func writeEscaped(out *bytes.Buffer, s string) {
	from := 0
	for i := range len(s) {
		var entity string
		switch s[i] {
		case '&':
			entity = "&amp;"
		case '<':
			entity = "&lt;"
		case '>':
			entity = "&gt;"
		case '"':
			entity = "&#34;"
		case '\'':
			entity = "&#39;"
		case '+': // for UTF-7, where it starts a <
			entity = "&#43;"
		case 0: // a parser would drop it
			entity = "\uFFFD"
		default:
			continue
		}
		out.WriteString(s[from:i])
		out.WriteString(entity)
		from = i + 1
	}
	out.WriteString(s[from:])
}

// encodeURL percent-encodes what a URL cannot hold (RFC 3986 §2), and is a
// fragment that leads nowhere for one whose scheme runs something, unless it
// may be followed whatever it is.
func encodeURL(s string, whatever bool) string {
	if scheme, _, ok := strings.Cut(s, ":"); ok && !whatever && !strings.Contains(scheme, "/") &&
		!strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "mailto") {
		return "#ZgotmplZ" // the word of html/template, which can be searched for
	}
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		alphanumeric := '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
		encoded := c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
		if alphanumeric || encoded || strings.IndexByte("!#$&*+,/:;=?@[]-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}
