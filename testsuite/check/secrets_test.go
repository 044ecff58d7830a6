package check_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

func TestSecrets(t *testing.T) {
	t.Parallel()
	target := &check.Target{
		Clients: map[check.Role]check.Client{
			check.Main: {ID: "web", Secret: "web-secret", Previous: "an-earlier-one"}, check.Public: {ID: "app"}, check.Other: {ID: "twin", Secret: "twin"},
		},
		Users: map[check.Role]check.User{check.Main: {Username: "alice", Password: "wonderland"}, check.OddUser: {Username: "apitester", Password: "apitester"}},
	}
	NewWithT(t).Expect(target.Secrets()).To(ConsistOf("web-secret", "an-earlier-one", "wonderland"), "a name is no secret")
}
