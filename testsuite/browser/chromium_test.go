package browser_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// How long a test may take, and a step of it: less, so that there is time left for
// a picture of what went wrong.
const (
	patience     = 60 * time.Second
	stepPatience = 15 * time.Second
)

// chromium is the browser that all tests of this binary share, each in a profile
// of its own.
var chromium process

func TestMain(m *testing.M) {
	code := m.Run()
	if err := chromium.close(); err != nil {
		fmt.Fprintln(os.Stderr, "the browser does not end:", err)
		code = 1
	}
	os.Exit(code)
}

// process is a browser that is started when first asked for.
type process struct {
	once sync.Once
	ctx  context.Context // nil until then, or when it does not start
	free context.CancelFunc
	err  error
}

// errNoBrowser means that there is none to be found.
var errNoBrowser = errors.New("no browser: apt-get install chromium, or set MOCKOAUTH_TEST_CHROMIUM to the path of one")

// open starts the browser, once; without one it skips the test.
func (p *process) open(t *testing.T) context.Context {
	t.Helper()
	p.once.Do(func() { p.err = p.start() })
	switch {
	case p.err == nil:
		return p.ctx
	case errors.Is(p.err, errNoBrowser) && os.Getenv("MOCKOAUTH_TEST_BROWSER") != "required":
		t.Skip(p.err)
	}
	t.Fatal(p.err)
	return nil
}

func (p *process) start() error {
	path, err := find()
	if err != nil {
		return err
	}
	// chromedp makes a user-data-dir, and removes it at the end. It speaks to the
	// browser by a pipe, so there is no port that others could talk to.
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.IgnoreCertErrors, // a provider makes its own at each start
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		// Without it, http://idp.test is tried as https first.
		chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,HttpsUpgrades"),
		chromedp.Flag("host-resolver-rules", "MAP *.test 127.0.0.1"),
	)
	allocator, free := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		free()
		return fmt.Errorf("%s does not start: %w", path, err)
	}
	p.ctx, p.free = ctx, free
	return nil
}

// close ends the browser, if it was started, and waits for it.
func (p *process) close() error {
	if p.ctx == nil {
		return nil
	}
	defer p.free()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Cancel(ctx)
}

// find looks for a browser.
func find() (string, error) {
	if chosen := os.Getenv("MOCKOAUTH_TEST_CHROMIUM"); chosen != "" {
		path, err := exec.LookPath(chosen)
		if err != nil {
			return "", fmt.Errorf("MOCKOAUTH_TEST_CHROMIUM: %w", err)
		}
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errNoBrowser
}
