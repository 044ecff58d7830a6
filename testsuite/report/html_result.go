package report

import (
	"net/url"
	"strings"
)

type resultView struct {
	ID, Anchor, Title, Section, Level string
	Clauses                           []linkView
	Facts                             []factView
	Seen                              string
	Known                             string
	Talk                              string // how many exchanges there were
	Omitted                           string // how many of them are not shown
	Exchanges                         []exchangeView
}

type linkView struct{ Text, URL string }

// A factView is one thing to say of a result.
type factView struct{ Name, Text string }

type exchangeView struct {
	Asks, Answers, Took string // "POST /token", "400 Bad Request"
	Refused             bool   // by a status of 400 or more, or there was none
	Open                bool
	Request, Answer     messageView
	Error               string
}

// A messageView is a request or an answer.
type messageView struct {
	Head, Body string
	Cut        bool
}

// view is what the page shows of a result, and of its exchanges if that is wanted:
// those of what passed stay in results.json.
func (r Result) view(exchanges bool) resultView {
	v := resultView{ID: r.ID, Anchor: "#" + r.ID, Title: r.Title, Section: r.Section, Level: r.Level, Seen: r.seen()}
	for _, c := range r.Clauses {
		v.Clauses = append(v.Clauses, linkView{c, readClause(c).link()})
	}
	for _, f := range []factView{{"Requirement", r.Requirement}, {"Sent", r.Sent}, {"Expected", r.Expected}} {
		if f.Text != "" {
			v.Facts = append(v.Facts, f)
		}
	}
	if k := r.Known; k != nil {
		v.Known = k.Reason
		if k.Until != "" {
			v.Known += " (until " + k.Until + ")"
		}
	}
	if !exchanges {
		return v
	}
	for i, x := range r.Exchanges {
		v.Exchanges = append(v.Exchanges, x.view(i == len(r.Exchanges)-1))
	}
	v.Talk = count(len(r.Exchanges)+r.Omitted, "request and its answer", "requests and their answers")
	if r.Omitted > 0 {
		v.Omitted = count(r.Omitted, "of them is left out of the middle", "of them are left out of the middle")
	}
	return v
}

func (x Exchange) view(open bool) exchangeView {
	v := exchangeView{
		Asks: x.Method + " " + target(x.URL), Answers: x.statusLine(), Took: lasted(x.Seconds),
		Refused: x.Status == 0 || x.Status >= 400, Open: open, Error: x.Error,
		Request: messageView{Head: x.request()}, Answer: messageView{Head: x.statusLine() + headerLines(x.AnswerHeader)},
	}
	v.Request.Body, v.Request.Cut = shown(x.Body)
	v.Answer.Body, v.Answer.Cut = shown(x.Answer)
	if x.Cut { // of one of them; which is not known
		v.Answer.Cut = true
	}
	return v
}

// target is what of a URL tells one request from another.
func target(whole string) string {
	const longest = 100
	u, err := url.Parse(whole)
	if err != nil || u.Host == "" {
		return oneLine(whole, longest)
	}
	_, rest, _ := strings.Cut(whole, "://")
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		return oneLine(rest[i:], longest)
	}
	return "/"
}
