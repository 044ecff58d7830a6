package fault_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/fault"
)

// What every fault of the catalogue is.
func TestCatalog(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	name := regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	clause := regexp.MustCompile(`^(RFC \d+|OpenID Connect (Core|Discovery|RP-Initiated Logout)|OAuth 2\.0 (Form Post|Multiple Response Types)) (§\d+(\.\d+)*|App\. [A-Z](\.\d+)?)$`)
	seen := map[string]bool{}
	line := regexp.MustCompile(`^[^\s].*[^\s.]$`) // one, without a full stop
	for _, f := range fault.Catalog() {
		g.Expect(f.Name).To(MatchRegexp(name.String()))
		g.Expect(seen).NotTo(HaveKey(f.Name), "two faults have the name")
		seen[f.Name] = true
		g.Expect(f.Clause).To(MatchRegexp(clause.String()), f.Name)
		g.Expect(f.Says).To(MatchRegexp(line.String()), f.Name)
		g.Expect(f.Advice).To(MatchRegexp(line.String()), "what does a careful client do under %s? See advised", f.Name)
		acts := f.Hear != nil || f.Sign != nil || f.Say != nil || f.Wire != nil || f.Store != nil
		g.Expect(acts).To(BeTrue(), "%s does nothing", f.Name)
		for _, endpoint := range f.At {
			g.Expect(fault.Endpoints()).To(ContainElement(endpoint), f.Name)
		}
		g.Expect(f.Client).To(BeEmpty(), f.Name)
		g.Expect(f.Remaining()).To(BeZero(), f.Name)

		found, ok := fault.Named(f.Name)
		g.Expect(ok).To(BeTrue(), f.Name)
		g.Expect([]string{found.Says, found.Advice}).To(Equal([]string{f.Says, f.Advice}))
	}
	_, ok := fault.Named("no_such_fault")
	g.Expect(ok).To(BeFalse())
}

// Every section has a title of its own and faults, and the catalogue is all of them.
func TestSections(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	titles, names := map[string]bool{}, []string{}
	for _, section := range fault.Sections() {
		g.Expect(section.Title).NotTo(BeEmpty())
		g.Expect(titles).NotTo(HaveKey(section.Title))
		titles[section.Title] = true
		g.Expect(section.Faults).NotTo(BeEmpty(), section.Title)
		for _, f := range section.Faults {
			names = append(names, f.Name)
		}
	}
	var catalog []string
	for _, f := range fault.Catalog() {
		catalog = append(catalog, f.Name)
	}
	g.Expect(names).To(Equal(catalog))
}

// A fault that no list has is none that anybody can order by name.
func TestEveryFaultIsListed(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	files, err := filepath.Glob("*.go")
	g.Expect(err).NotTo(HaveOccurred())
	count := 0
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		g.Expect(err).NotTo(HaveOccurred())
		for _, object := range file.Scope.Objects {
			if object.Kind == ast.Var && ast.IsExported(object.Name) && object.Name != "ErrStoreUnavailable" {
				count++
			}
		}
	}
	g.Expect(fault.Catalog()).To(HaveLen(count), "variables that are faults, and faults in the lists")
}

// No fault of the catalogue chokes on a request or answer that it did not
// expect, nor on a provider that knows nobody.
func TestFaultsBearAnything(t *testing.T) {
	t.Parallel()
	bodies := []string{
		"", "x", "%zz", "client_id=b-web&client_secret=web-secret&grant_type=password&username=alice&password=wonderland&scope=read",
		"client_id=nobody&client_secret=&grant_type=refresh_token&refresh_token=x&token=y&token=z", `{"grant_type":"password"}`,
	}
	answers := []string{"", "[]", "null", `{"active":true}`, `{"access_token":7,"keys":[7,{"d":1}],"issuer":7,"scope":["a"]}`, `{"error":7}`}
	for _, f := range fault.Catalog() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			for _, people := range []directory{known(), {}} {
				for i, body := range bodies {
					for _, endpoint := range []string{
						fault.Token, fault.Introspection, fault.Verify, fault.JWKS, fault.Metadata, fault.Authorization, fault.UserInfo, fault.EndSession,
					} {
						r := post(body)
						switch i % 3 {
						case 1:
							r.SetBasicAuth("b-web", "web-secret")
						case 2:
							r.Header.Set("Authorization", "bearer x")
						}
						bear(f, r, endpoint, people, i, answers)
					}
				}
			}
			if f.Sign != nil {
				f.Sign(&fault.Signing{Header: map[string]any{}, Claims: map[string]any{}})
			}
		})
	}
}

func bear(f fault.Fault, r *http.Request, endpoint string, people directory, i int, answers []string) {
	draw := fault.NewDraw([]fault.Fault{f}, r, endpoint, people)
	draw.Hear(r)
	draw.Serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader([]int{200, 400, 401, 429, 500}[i%5])
		_, _ = w.Write([]byte(answers[i%len(answers)]))
	}), httptest.NewRecorder(), r)
}
