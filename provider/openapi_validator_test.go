package provider_test

import (
	"os"
	"os/exec"
	"testing"

	. "github.com/onsi/gomega"
)

// The description is one by the specification's own schema and rules. The validator is
// openapi-spec-validator, in the PATH; MOCKOAUTH_TEST_OPENAPI=required makes it a failure
// that there is none.
func TestDescriptionIsOpenAPI(t *testing.T) {
	t.Parallel()
	validator, err := exec.LookPath("openapi-spec-validator")
	switch {
	case err != nil && os.Getenv("MOCKOAUTH_TEST_OPENAPI") == "required":
		t.Fatal("no validator: pip install openapi-spec-validator")
	case err != nil:
		t.Skip("no validator: pip install openapi-spec-validator")
	}
	said, err := exec.CommandContext(t.Context(), validator, "--schema", "3.1", "--validation-errors", "all", "openapi.json").CombinedOutput()
	NewWithT(t).Expect(err).NotTo(HaveOccurred(), "%s", said)
}
