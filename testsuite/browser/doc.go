// Package browser is the tests that go through the provider's pages with a real
// browser: people log in, consent and log out, clients get their answers, a
// single-page application reads its own across origins. After each, the browser's
// console must be empty and no request may have failed or gone astray.
//
// They want Chromium: as chromium, chromium-browser or google-chrome in the PATH,
// or where MOCKOAUTH_TEST_CHROMIUM says. Without it they are skipped, unless
// MOCKOAUTH_TEST_BROWSER=required makes that a failure. Pictures of the pages go to
// the folder MOCKOAUTH_TEST_OUTPUT, else to the test's artifacts (go test -artifacts).
package browser
