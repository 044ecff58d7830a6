package browser_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// watch writes down what a tab does. Its zero value allows no host.
type watch struct {
	mu         sync.Mutex
	origins    []string // that may be asked
	visited    []string // pages, without their queries
	complaints []string
}

// see takes the browser's events as they come.
func (w *watch) see(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		w.complain("exception: %s", text)
	case *runtime.EventConsoleAPICalled:
		var words []string
		for _, arg := range e.Args {
			words = append(words, string(arg.Value)+arg.Description)
		}
		w.complain("console.%s: %s", e.Type, strings.Join(words, " "))
	case *log.EventEntryAdded:
		w.complain("console, %s of %s: %s %s", e.Entry.Level, e.Entry.Source, e.Entry.Text, e.Entry.URL)
	case *network.EventRequestWillBeSent:
		if !w.mayAsk(e.Request.URL) {
			w.complain("a request goes to %s", e.Request.URL)
		}
	case *network.EventLoadingFailed:
		w.complain("a request for a %s failed: %s", e.Type, e.ErrorText)
	case *audits.EventIssueAdded:
		if e.Issue.Code != audits.InspectorIssueCodeBounceTrackingIssue { // which every redirect to a provider and back is
			w.complain("issue: %s", describe(e.Issue))
		}
	case *page.EventFrameNavigated:
		if e.Frame.ParentID == "" {
			address, _, _ := strings.Cut(e.Frame.URL, "?")
			w.visited = append(w.visited, address)
		}
	}
}

func (w *watch) complain(format string, args ...any) {
	w.complaints = append(w.complaints, fmt.Sprintf(format, args...))
}

// mayAsk tells the addresses that belong to the test.
func (w *watch) mayAsk(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "data" || slices.Contains(w.origins, u.Scheme+"://"+u.Host))
}

// allow lets the tab ask the servers at these URLs.
func (w *watch) allow(addresses ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, address := range addresses {
		if u, err := url.Parse(address); err == nil {
			w.origins = append(w.origins, u.Scheme+"://"+u.Host)
		}
	}
}

// expect takes one complaint off the list, and tells whether it was there.
func (w *watch) expect(part string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.complaints, func(c string) bool { return strings.Contains(c, part) })
	if i < 0 {
		return false
	}
	w.complaints = slices.Delete(w.complaints, i, i+1)
	return true
}

// left is what was complained about and not expected.
func (w *watch) left() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.complaints)
}

// pages are the pages that the tab has shown.
func (w *watch) pages() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.visited)
}

// describe is what the browser's own inspection found.
func describe(issue *audits.InspectorIssue) string {
	raw, err := json.Marshal(issue.Details)
	if err != nil {
		raw = []byte(err.Error())
	}
	return string(issue.Code) + " " + string(raw)
}
