package testsuite_test

import (
	"cmp"
	"os"
	"slices"
	"testing"

	"github.com/mockoauth/mockoauth/provider/fault"
	"github.com/mockoauth/mockoauth/testsuite/check"
)

// A family is faults that no check of a provider can notice, for one reason: they
// wait for the scenarios that judge clients.
type family struct {
	reason string
	slow   bool // tried against no check: it would take as long as the fault
	names  []string
}

// waiting lists those families. A fault that a check notices after all fails [TestProveFaults]
// or [TestWaitingFaultsAreUnnoticed].
func waiting() []family {
	return []family{
		{reason: "a provider may do so, and a client is to bear it", names: []string{
			"access_token_large", "token_type_lower", "token_type_upper", "members_unknown", "members_poisonous", "refresh_token_withheld",
			"expires_at_past", "content_type_folded", "charset_added", "json_escaped", "token_in_small_chunks", "token_early_hints",
			"refresh_without_id_token", "access_token_hash_omitted", "userinfo_distributed", "userinfo_large", "revocation_as_page",
			"revocation_talks", "metadata_with_extras", "metadata_without_auth_methods", "metadata_lists_post_only",
			"metadata_lists_jwt_auth_only", "unknown_key_type_published", "unknown_curve_published", "unknown_use_published", "keys_uncacheable",
		}},
		{reason: "it takes time, of which a specification says nothing", slow: true, names: []string{
			"token_delayed", "token_drips", "userinfo_delayed", "introspection_delayed", "metadata_delayed", "metadata_drips", "keys_delayed",
		}},
		{reason: "without metadata a target claims nothing: its checks are skipped or end in error", names: []string{
			"metadata_empty", "metadata_garbage", "metadata_as_page", "metadata_cut_short", "metadata_truncated", "metadata_endless",
			"metadata_unavailable", "metadata_dropped", "metadata_not_found", "metadata_redirected", "metadata_redirected_elsewhere",
		}},
		{reason: "HTTP and JSON as the checks read them forgive it; another client may not", names: []string{
			"gzip_always", "access_token_twice", "subject_twice", "charset_latin1", "date_long_past", "key_of_number_id",
		}},
		{reason: "whoever uses the token is to notice, by his own clock and name; a check does not know what it should say", names: []string{
			"token_type_dpop", "access_token_for_another", "access_token_from_future", "id_token_from_future", "code_hash_other",
			"authentication_class_other", "introspection_not_yet_valid", "metadata_signed_otherwise",
		}},
	}
}

// waitingNames are the names of the faults that wait, each of which there is, once.
func waitingNames(t *testing.T) map[string]bool {
	t.Helper()
	listed := map[string]bool{}
	for _, f := range waiting() {
		for _, name := range f.names {
			if _, ok := fault.Named(name); !ok || listed[name] {
				t.Errorf("the fault %s is not in the catalogue, or waits twice", name)
			}
			listed[name] = true
		}
	}
	return listed
}

// What waits for clients passes the checks that notice most: one that fails should
// name the fault, and the list should not. With PROVE_ALL=1 all checks are tried,
// which takes minutes.
func TestWaitingFaultsAreUnnoticed(t *testing.T) {
	watch := checks()
	slices.SortStableFunc(watch, func(a, b check.Check) int { return cmp.Compare(len(b.BrokenBy), len(a.BrokenBy)) })
	if os.Getenv("PROVE_ALL") == "" {
		watch = watch[:15]
	}
	for _, family := range waiting() {
		for _, name := range family.names {
			if family.slow {
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				f, _ := fault.Named(name)
				for _, c := range watch {
					begin, v := whereItApplies(t, c)
					if v.State != check.Passed {
						continue
					}
					if v = verdict(t, c, begin, f); v.State == check.Failed || v.State == check.Warned {
						t.Errorf("%s notices the fault %s, and should name it: %s", c.ID, name, v.Reason)
					}
				}
			})
		}
	}
}
