package record_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/record"
)

// some is a log of five exchanges of all kinds.
func some() *record.Log {
	l := record.NewLog(10, 1<<20)
	for i, x := range []record.Exchange{
		{Endpoint: "token", Client: "web", Grant: "password", User: "alice", Status: 200},
		{Endpoint: "token", Client: "app", Grant: "refresh_token", Status: 400, Error: "invalid_grant"},
		{Endpoint: "jwks", Status: 200},
		{Endpoint: "token", Client: "web", User: "bob", Status: 401, Error: "invalid_client"},
		{Endpoint: "userinfo", Client: "web", User: "alice", Dropped: true},
	} {
		x.At = someTime().Add(time.Duration(i) * time.Minute)
		l.Add(&x)
	}
	return l
}

func TestParsedFilterSelects(t *testing.T) {
	t.Parallel()
	for query, want := range map[string][]uint64{
		"":                                    {1, 2, 3, 4, 5},
		"wait=2s&count=1":                     {1, 2, 3, 4, 5},
		"endpoint=token":                      {1, 2, 4},
		"client=web":                          {1, 4, 5},
		"user=alice":                          {1, 5},
		"grant=password":                      {1},
		"error=invalid_grant":                 {2},
		"status=400":                          {2},
		"status=4xx":                          {2, 4},
		"failed=true":                         {2, 4, 5},
		"failed=false":                        {1, 2, 3, 4, 5},
		"since=3":                             {4, 5},
		"since=0":                             {1, 2, 3, 4, 5},
		"since=99":                            {},
		"since=18446744073709551615":          {},
		"since=2026-11-24T18:03:00Z":          {4, 5},
		"since=2026-11-24T19:03:00.5%2B01:00": {5},
		"since=2026-11-24T19:03:00.5+01:00":   {5},
		"endpoint=token&client=web&user=bob":  {4},
		"endpoint=nowhere":                    {},
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			values, err := url.ParseQuery(query)
			g.Expect(err).NotTo(HaveOccurred())
			f, err := record.ParseFilter(values)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(ids(some().Select(f))).To(Equal(want))
		})
	}
}

func TestFilterErrorsSayWhatToWrite(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"status=abc":              `status is "abc": write one, 400, or a class, 4xx`,
		"status=9xx":              `status is "9xx": write one, 400, or a class, 4xx`,
		"status=4":                `status is "4": write one, 400, or a class, 4xx`,
		"status=-400":             `status is "-400": write one, 400, or a class, 4xx`,
		"failed=yes":              `failed is "yes": write true or false`,
		"since=yesterday":         `since is "yesterday": write an exchange's id, 17, or a time of RFC 3339, 2026-11-24T18:00:00Z`,
		"since=-1":                `since is "-1": write an exchange's id, 17, or a time of RFC 3339, 2026-11-24T18:00:00Z`,
		"client=":                 `client is empty: give it a value or leave it out`,
		"endpoint=a&endpoint=b":   `endpoint is there 2 times: give it once`,
		"user=a&since=2026-11-24": `since is "2026-11-24": write an exchange's id, 17, or a time of RFC 3339, 2026-11-24T18:00:00Z`,
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			values, err := url.ParseQuery(query)
			g.Expect(err).NotTo(HaveOccurred())
			f, err := record.ParseFilter(values)
			g.Expect(err).To(MatchError(want))
			g.Expect(f).To(Equal(record.Filter{}), "nothing half read")
		})
	}
}

// All that is announced is read.
func TestFilterNames(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	for _, name := range record.FilterNames() {
		for _, value := range []string{"400", "true"} {
			f, err := record.ParseFilter(url.Values{name: {value}})
			g.Expect(err != nil || f != record.Filter{}).To(BeTrue(), name)
		}
	}
}

func TestExchanges(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	xs := some().Select(record.Filter{})
	g.Expect(ids(xs.To("token"))).To(Equal([]uint64{1, 2, 4}))
	g.Expect(ids(xs.To("token").From("web"))).To(Equal([]uint64{1, 4}))
	g.Expect(ids(xs.By("alice"))).To(Equal([]uint64{1, 5}))
	g.Expect(ids(xs.Failed())).To(Equal([]uint64{2, 4, 5}))
	g.Expect(xs.Last().ID).To(BeEquivalentTo(5))
	g.Expect(xs.To("nowhere")).To(BeEmpty())
	g.Expect(xs.To("nowhere").Last()).To(Equal(record.Exchange{}))
	g.Expect(record.Exchange{Status: http.StatusFound}.Failed()).To(BeFalse())
	g.Expect(record.Exchange{Status: http.StatusNotFound}.Failed()).To(BeTrue())
}
