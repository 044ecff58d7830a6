package browser_test

import (
	"cmp"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

// tab is a browser as one person sees it: with no cookies but its own. What goes
// wrong with it fails the test.
type tab struct {
	*watch
	t   *testing.T
	ctx context.Context
}

// open opens one, which may ask the servers at these URLs and no others.
func open(t *testing.T, origins ...string) *tab {
	t.Helper()
	bounded, done := context.WithTimeout(chromium.open(t), patience)
	b := &tab{watch: &watch{}, t: t}
	b.allow(origins...)
	var closeTab context.CancelFunc
	b.ctx, closeTab = chromedp.NewContext(bounded, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.watch.see))
	t.Cleanup(func() {
		b.check()
		closeTab()
		done()
	})
	if err := chromedp.Do(b.ctx); err != nil { // it lives as long as this context
		t.Fatal(err)
	}
	call(b, audits.Enable, cdp.Empty{})
	call(b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}) // tabs share one keyboard
	return b
}

// check says what the browser had to complain about.
func (b *tab) check() {
	_, err := chromedp.Run(b.ctx, chromedp.Title()) // all events before its answer have arrived then
	if err != nil {
		b.t.Errorf("the tab is gone: %v", err)
		return
	}
	for _, complaint := range b.left() {
		b.t.Error(complaint)
	}
	if b.t.Failed() {
		b.t.Log("pages:", b.pages())
		b.capture("failed-" + strings.ReplaceAll(b.t.Name(), "/", "-"))
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, stepPatience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%v; the pages were %v, the complaints %q", err, b.pages(), b.left())
	}
}

// call sends the browser a command.
func call[P, R any](b *tab, command cdp.Command[P, R], parameters P) R {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, command, parameters)
	if err != nil {
		b.t.Fatalf("%s: %v", command.Method, err)
	}
	return result
}

// visit types an address.
func (b *tab) visit(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
}

// see waits until an element is there to be seen.
func (b *tab) see(selector string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(chromedp.CSS(selector)))
}

// shows waits until an element's text is as wanted, on a page that is whole: the
// one before may have such an element too, and keys pressed too soon are lost.
func (b *tab) shows(selector string, text types.GomegaMatcher) {
	b.t.Helper()
	expression := "document.readyState === 'complete' && document.querySelector(" + quote(selector) + ")?.innerText || ''"
	NewWithT(b.t).Eventually(func() string {
		shown, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](expression)) // between two pages it fails
		return shown
	}).WithTimeout(stepPatience).WithPolling(10*time.Millisecond).Should(text, "%s at %v", selector, b.pages)
}

// click waits for an element and clicks at it.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// press presses keys, one after the other, wherever the cursor is.
func (b *tab) press(keys string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys))
}

// evaluate asks the page.
func evaluate[T any](b *tab, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// expected wants a complaint and forgives it.
func (b *tab) expected(part string) {
	b.t.Helper()
	_ = evaluate[bool](b, "true") // see check
	if !b.expect(part) {
		b.t.Errorf("nothing is said of %q; but %q", part, b.left())
	}
}

// page is the address that the tab shows, without its query.
func (b *tab) page() string {
	b.t.Helper()
	_ = evaluate[bool](b, "true")
	pages := b.pages()
	return pages[len(pages)-1]
}

// logIn fills in the login page by the keyboard: the cursor is where it must be.
func (b *tab) logIn(username, password string) {
	b.t.Helper()
	b.see("#username:focus")
	b.press(username)
	b.press(kb.Tab)
	b.press(password)
	b.press(kb.Enter)
}

func (b *tab) disableJavaScript() {
	b.t.Helper()
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

// quote writes text as JavaScript does.
func quote(text string) string {
	raw, _ := json.Marshal(text) // a string can be
	return string(raw)
}

// cookie is the provider's cookie at an address; nil when there is none.
func (b *tab) cookie(address string) *network.Cookie {
	b.t.Helper()
	for _, c := range call(b, network.GetCookies, network.GetCookiesParams{URLs: []string{address}}).Cookies {
		if strings.HasPrefix(c.Name, "mockoauth_session_") {
			return c
		}
	}
	return nil
}

// capture saves a picture of the page.
func (b *tab) capture(name string) {
	ctx, cancel := context.WithTimeout(b.ctx, stepPatience)
	defer cancel()
	picture, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{})
	if err != nil {
		b.t.Errorf("no picture of %s: %v", name, err)
		return
	}
	folder := cmp.Or(os.Getenv("MOCKOAUTH_TEST_OUTPUT"), b.t.ArtifactDir())
	err = os.MkdirAll(folder, 0o755)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), picture.Data, 0o644)
	}
	if err != nil {
		b.t.Error(err)
	}
}
