package check

import (
	"bytes"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"time"
)

func refusesExpiredSecret(t *T) {
	main, expired := t.Client(Main), t.Client(Expired)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	t.Expect(t.ClientCredentials(As(expired))).To(beUnauthenticated(expired), "the client's secret has expired")
}

func refusesDisabledClient(t *T) {
	main, disabled := t.Client(Main), t.Client(Disabled)
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())
	t.Expect(t.ClientCredentials(As(disabled))).To(beUnauthenticated(disabled), "the client is switched off")
}

func endsPreviousSecret(t *T) {
	rotated := t.Client(Rotated)
	previous := rotated
	previous.Secret = rotated.Previous
	t.Expect(t.ClientCredentials(As(rotated))).To(BeToken(), "the new secret is good at once")
	t.Expect(t.ClientCredentials(As(previous))).To(BeToken(), "the previous secret is good for %s more", rotated.Overlap)

	const patience = time.Minute
	if t.Advance == nil && rotated.Overlap > patience {
		t.Skip("the previous secret ends in %s and the target's clock cannot be moved", rotated.Overlap)
	}
	t.Wait(rotated.Overlap + time.Second)
	t.Expect(t.ClientCredentials(As(previous))).To(beUnauthenticated(previous), "the previous secret's time is over")
	t.Expect(t.ClientCredentials(As(rotated))).To(BeToken(), "the new secret goes on")
}

// hidesWhichClientsExist compares the answers for an unknown client and a wrong
// secret, but for the client's id, which may be repeated, and for members that
// change from answer to answer, such as the request's number.
func hidesWhichClientsExist(t *T) {
	main := t.Client(Main)
	unknown := wrongSecret(unknownClient(main))
	t.Expect(t.ClientCredentials(As(main))).To(BeToken())

	refuse := func(c Client) Answer {
		answer := t.ClientCredentials(As(c))
		answer.Body = bytes.ReplaceAll(answer.Body, []byte(unknown.ID), []byte("CLIENT"))
		answer.Body = bytes.ReplaceAll(answer.Body, []byte(main.ID), []byte("CLIENT"))
		return answer
	}
	wrong, again, nobody := refuse(wrongSecret(main)), refuse(wrongSecret(main)), refuse(unknown)
	t.Expect(wrong).To(HaveStatus(401, 400))
	t.Expect(wrong).To(HaveNoMember("access_token"))
	t.Expect(nobody).To(HaveStatus(wrong.Status), "an unknown client and a wrong secret must be answered alike")
	t.Expect(members(nobody)).To(Equal(members(wrong)), "an unknown client and a wrong secret must be answered alike")
	for name, value := range wrong.Object() {
		if reflect.DeepEqual(value, again.Object()[name]) {
			t.Expect(nobody).To(HaveMember(name, value), "%s must not tell that the client does not exist", name)
		}
	}
}

// members are the names in an answer's body, sorted.
func members(a Answer) []string {
	names := []string{}
	for name := range a.Object() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func throttlesSecretGuessing(t *T) {
	other := t.Client(Other)
	t.Expect(t.ClientCredentials(As(other))).To(BeToken())
	const guesses = 60
	var took []time.Duration
	for range guesses {
		begun := time.Now()
		answer := t.ClientCredentials(As(wrongSecret(other)))
		took = append(took, time.Since(begun))
		if answer.Status == http.StatusTooManyRequests {
			expectThrottled(t, answer, other)
			return
		}
		t.Expect(answer).To(beUnauthenticated(other))
	}
	const few, noticeable = 5, 100 * time.Millisecond
	first, last := slices.Max(took[:few]), slices.Min(took[guesses-few:])
	t.Expect(last > 2*first && last > noticeable).
		To(BeTrue(), "%d wrong secrets met neither 429 nor a growing delay: the first took %s, the last %s", guesses, first, last)
}

// timeOf is when an answer was made, by the target's own clock where it says so.
func (t *T) timeOf(answer Answer) time.Time {
	if at, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
		return at
	}
	return time.Now()
}

// expectThrottled expects a 429 that says when to come back, and that it is true.
func expectThrottled(t *T, answer Answer, c Client) {
	t.Expect(answer).To(HaveNoMember("access_token"))
	value := answer.Header.Get("Retry-After")
	seconds, err := strconv.Atoi(value)
	if err != nil {
		at, err := http.ParseTime(value)
		t.Expect(err == nil).To(BeTrue(), "429 must say in Retry-After when to come back, not %q", value)
		t.Expect(at.After(t.timeOf(answer))).To(BeTrue(), "Retry-After must lie ahead, not be %q", value)
		return
	}
	t.Expect(seconds > 0).To(BeTrue(), "Retry-After must lie ahead, not be %q", value)
	if t.Advance != nil {
		t.Wait(time.Duration(seconds) * time.Second)
		t.Expect(t.ClientCredentials(As(c))).To(BeToken(), "the time of Retry-After is over")
	}
}
