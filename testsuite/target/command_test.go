package target_test

import (
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/check"
	"github.com/mockoauth/mockoauth/testsuite/target"
)

// throughPages logs the user of the environment in by mockoauth's form, and answers
// where that leads: what a command of somebody's own would do with a browser.
func throughPages(address string) (to string, err error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", err
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), os.Getenv("MOCKOAUTH_LOGIN_REDIRECT_URI")) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	page, err := browser.Get(address)
	if err != nil {
		return "", err
	}
	defer page.Body.Close()
	form := url.Values{"username": {os.Getenv("MOCKOAUTH_LOGIN_USERNAME")}, "password": {os.Getenv("MOCKOAUTH_LOGIN_PASSWORD")}}
	for _, hidden := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(read(page), -1) {
		form.Set(hidden[1], hidden[2])
	}
	end, err := browser.PostForm(page.Request.URL.String(), form)
	if err != nil {
		return "", err
	}
	defer end.Body.Close()
	if to = end.Header.Get("Location"); to == "" {
		return "", errors.New("the provider sends the user nowhere")
	}
	return to, nil
}

// commanded are settings whose command behaves in some way.
func commanded(t *testing.T, how string) target.Settings {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return target.Settings{Issuer: "https://idp.example", Login: target.Login{Command: target.Command{"env", "LOGIN_BY=" + how, self}}}
}

// A command is told what to do, and says where the provider sent the user.
func TestCommand(t *testing.T) {
	t.Parallel()
	handover := check.Handover{URL: "https://idp.example/auth?a=b&c=d", RedirectURI: "https://client.example/cb", User: check.User{Username: "al-ice", Password: "p$w"}}
	for how, c := range map[string]struct{ to, wrong string }{
		"telling":  {to: "app:/https://idp.example/auth?a=b&c=d|https://idp.example/auth?a=b&c=d|al-ice|p$w|https://client.example/cb"},
		"failing":  {wrong: "the command env did not log in the user al-ice: exit status 7; it said:\nno such user here"},
		"silent":   {wrong: "the command env did not log in the user al-ice: it printed nothing, and should print the URL to which the provider sent the user"},
		"talking":  {wrong: "the command env did not log in the user al-ice: it printed more than one URL: \"https://client.example/cb?code=c\\nDone.\""},
		"garbage":  {wrong: "the command env did not log in the user al-ice: it printed \"code=c\", which is no URL"},
		"sleeping": {wrong: "the command env did not log in the user al-ice: it did not end within 200ms"},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			s := commanded(t, how)
			if how == "sleeping" {
				s.Login.Timeout = 200 * time.Millisecond
			}
			aim, err := s.Target()
			g.Expect(err).NotTo(HaveOccurred())
			to, err := aim.Login.Hand(t.Context(), handover)
			g.Expect(to).To(Equal(c.to))
			if c.wrong == "" {
				g.Expect(err).NotTo(HaveOccurred())
				return
			}
			g.Expect(err).To(MatchError(c.wrong))
		})
	}
	t.Run("flooding", func(t *testing.T) {
		t.Parallel()
		aim, _ := commanded(t, "flooding").Target()
		_, err := aim.Login.Hand(t.Context(), handover)
		NewWithT(t).Expect(len(err.Error())).To(BeNumerically("<", 70_000), "what it prints is bounded")
	})
	t.Run("a command that there is not", func(t *testing.T) {
		t.Parallel()
		aim, _ := target.Settings{Issuer: "https://idp.example", Login: target.Login{Command: target.Command{"/nowhere/login"}}}.Target()
		_, err := aim.Login.Hand(t.Context(), handover)
		NewWithT(t).Expect(err).To(MatchError("the command /nowhere/login did not log in the user al-ice: fork/exec /nowhere/login: no such file or directory"))
	})
}
