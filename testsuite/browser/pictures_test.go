package browser_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider"
)

// Each kind of page on a phone and on a desktop, by day and by night: pictures for
// people to look at, and what a program can see, which is that nothing is cut off.
func TestPictures(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options []provider.Option
		reach   func(*scene)
	}{
		"login": {nil, func(s *scene) { s.tab.visit(s.web.url + "/login") }},
		"login-again": {nil, func(s *scene) {
			s.tab.visit(s.web.url + "/login")
			s.tab.logIn("alice", "wonderland")
			s.tab.see("#problem")
			s.tab.expected("status of 403")
		}},
		"pick": {[]provider.Option{provider.WithLogin("pick")}, func(s *scene) { s.tab.visit(s.web.url + "/login") }},
		"consent": {[]provider.Option{provider.WithLogin("auto"), provider.WithConsent("ask")}, func(s *scene) {
			s.tab.visit(s.web.url + "/login?scope=openid+profile+email+read+write")
		}},
		"error": {nil, func(s *scene) {
			s.tab.visit(s.web.url + "/login?redirect_uri=" + s.web.url + "/calback")
			s.tab.expected("status of 400")
		}},
		"form-post": {[]provider.Option{provider.WithLogin("auto")}, func(s *scene) {
			s.tab.disableJavaScript()
			s.tab.visit(s.web.url + "/login?response_mode=form_post")
		}},
		"logout": {[]provider.Option{provider.WithLogin("pick")}, reachLogout},
		"still-logged-in": {[]provider.Option{provider.WithLogin("pick")}, func(s *scene) {
			reachLogout(s)
			s.tab.click("button[value=stay]")
			s.tab.shows("h1", Equal("You are still logged in"))
		}},
		"logged-out": {nil, func(s *scene) { s.tab.visit(s.web.url + "/logout?hint=no&return=no") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stage(t, test.options...)
			test.reach(s)
			s.tab.see(".mock") // it says that it is one
			s.Expect(evaluate[bool](s.tab, `!!document.querySelector("link[rel=icon][href^='data:']")`)).To(BeTrue(), "or browsers ask for one, though not this one")
			for screen, size := range map[string]emulation.SetDeviceMetricsOverrideParams{
				"phone":   {Width: 390, Height: 844, DeviceScaleFactor: 1, Mobile: true},
				"desktop": {Width: 1280, Height: 900, DeviceScaleFactor: 1},
			} {
				call(s.tab, emulation.SetDeviceMetricsOverride, size)
				s.Expect(evaluate[int64](s.tab, "document.documentElement.scrollWidth")).To(BeNumerically("<=", size.Width), screen)
				s.inBothSchemes(fmt.Sprintf("%s-%s", name, screen))
			}
		})
	}
}

func reachLogout(s *scene) {
	s.tab.visit(s.web.url + "/login")
	s.tab.click("button[value=alice]")
	s.loggedIn(s.web, "Alice Example")
	s.tab.visit(s.web.url + "/logout?hint=no")
}

// inBothSchemes takes the light picture and the dark.
func (s *scene) inBothSchemes(name string) {
	s.tab.t.Helper()
	var grounds []int
	for _, scheme := range []string{"dark", "light"} {
		call(s.tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		grounds = append(grounds, evaluate[int](s.tab, `getComputedStyle(document.body).backgroundColor.match(/\d+/g).reduce((sum, c) => sum + Number(c), 0)`))
		s.tab.capture(name + "-" + scheme)
	}
	s.Expect(grounds).To(HaveExactElements(BeNumerically("<", 3*64), BeNumerically(">", 3*192)))
}
