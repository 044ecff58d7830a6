package provider_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider"
	"github.com/mockoauth/mockoauth/provider/fault"
)

// Fifty tests at once, each in its tenant with a clock, faults, keys, users and a record of its own.
func TestFiftyTestsAtOnce(t *testing.T) {
	t.Parallel()
	p := provider.Start(t)
	for i := range 50 {
		t.Run(fmt.Sprint("test ", i), func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			idp := p.Tenant(t.Name())
			then := time.Date(2030+i, 1, 1, 0, 0, 0, 0, time.UTC)
			idp.Clock().Freeze()
			idp.Clock().Set(then)
			name := fmt.Sprint("user", i)
			_, err := idp.AddUser(fixtures.User{Username: name, Password: name})
			g.Expect(err).NotTo(HaveOccurred())
			idp.Inject(fault.TokenUnavailable.Times(i % 5))
			if i%5 == 0 {
				idp.ClearFaults()
			}
			for range i % 5 {
				g.Expect(machine(t, idp, "demo", "demo-secret").status).To(Equal(http.StatusServiceUnavailable))
			}
			a := postForm(t, idp.URL("token"), demo("grant_type", "password", "username", name, "password", name))
			g.Expect(a.status).To(Equal(http.StatusOK), a.body)
			token := a.text(t, "access_token")
			g.Expect(number(t, claimsOf(t, token), "iat")).To(Equal(then.Unix()))
			g.Expect(idp.Keys().Rotate()).To(Succeed())
			verified(t, idp, token)
			g.Expect(active(t, idp, token)).To(BeTrue())
			idp.Clock().Advance(2 * time.Hour)
			g.Expect(active(t, idp, token)).To(BeFalse())
			g.Expect(idp.Requests()).To(HaveLen(i%5 + 4))
			g.Expect(idp.Users()).To(HaveLen(3))
		})
	}
}

// Fifty processes at once that have but curl, each in its tenant.
func TestFiftyProcessesAtOnce(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl")
	}
	p := provider.Start(t, provider.WithTenants("*"))
	said := make([]string, 50)
	failed := make([]error, 50)
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			base := fmt.Sprintf("%s/process-%d", p.Issuer(), i)
			token := []string{"-d", "grant_type=client_credentials&client_id=demo&client_secret=demo-secret", base + "/token"}
			args := []string{"-sS", "-d", fmt.Sprintf(`{"set":"%d-01-01T00:00:00Z","freeze":true}`, 2030+i), base + "/_mock/clock"}
			for _, next := range [][]string{
				{"-d", `{"name":"short","at":"token","status":503,"body":"down","times":1}`, base + "/_mock/faults"},
				token, token, {base + "/_mock/requests?endpoint=token"},
			} {
				args = append(append(args, "--next", "-sS", "-w", "\n"), next...)
			}
			out, err := exec.CommandContext(t.Context(), "curl", args...).CombinedOutput()
			said[i], failed[i] = string(out), err
		})
	}
	all.Wait()
	for i, out := range said {
		g := NewWithT(t)
		g.Expect(failed[i]).NotTo(HaveOccurred(), out)
		lines := strings.Split(strings.TrimSpace(out), "\n")
		g.Expect(lines).To(ContainElement("down"), "its fault")
		answer := struct {
			Token string `json:"access_token"`
		}{}
		for _, line := range lines {
			if strings.Contains(line, `"access_token"`) && !strings.Contains(line, `"requests"`) {
				g.Expect(json.Unmarshal([]byte(line), &answer)).To(Succeed())
			}
		}
		then := time.Date(2030+i, 1, 1, 0, 0, 0, 0, time.UTC)
		g.Expect(number(t, claimsOf(t, answer.Token), "iat")).To(Equal(then.Unix()), "its clock")
		g.Expect(claimsOf(t, answer.Token)["iss"]).To(Equal(fmt.Sprintf("%s/process-%d", p.Issuer(), i)))
		g.Expect(strings.Count(lines[len(lines)-1], `"endpoint":"token"`)).To(Equal(2), "its record")
	}
}
