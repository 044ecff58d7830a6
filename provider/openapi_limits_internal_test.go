package provider

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/fixtures"
	"github.com/mockoauth/mockoauth/provider/endpoint"
	"github.com/mockoauth/mockoauth/provider/engine"
	"github.com/mockoauth/mockoauth/provider/fault"
)

// limits says what the Go types do not: it changes components, and their properties, by name.
func limits() map[string]func(*jsonschema.Schema) {
	oneOf := func(names ...string) func(*jsonschema.Schema) {
		return func(s *jsonschema.Schema) { s.Enum = enum(names) }
	}
	eachOf := func(names ...string) func(*jsonschema.Schema) {
		return func(s *jsonschema.Schema) { s.Items.Enum = enum(names) }
	}
	between := func(low, high float64) func(*jsonschema.Schema) {
		return func(s *jsonschema.Schema) { s.Minimum, s.Maximum = &low, &high }
	}
	isDuration := func(s *jsonschema.Schema) { s.Ref, s.Type = schemasPath+"Duration", "" }
	oneMember := func(s *jsonschema.Schema) { s.MinProperties, s.MaxProperties = new(1), new(1) }
	isTrue := func(s *jsonschema.Schema) { s.Const = new(any(true)) }
	chance := func(s *jsonschema.Schema) { s.ExclusiveMinimum, s.Maximum = new(0.0), new(1.0) }
	list := map[string]func(*jsonschema.Schema){
		"User.status":           oneOf("active", "disabled", "locked", "password_expired", "mfa_required"),
		"Client.auth_method":    oneOf(fixtures.AuthBasic, fixtures.AuthPost, fixtures.AuthNone),
		"Client.grants":         eachOf(fixtures.GrantAuthorizationCode, fixtures.GrantRefreshToken, fixtures.GrantPassword, fixtures.GrantClientCredentials),
		"Client.response_types": eachOf("code"),
		"Client.subject_type":   oneOf(fixtures.SubjectPublic, fixtures.SubjectPairwise),
		"AccessToken.format":    oneOf(fixtures.FormatJWT, fixtures.FormatOpaque),
		"Minting.kind":          oneOf(engine.KindAccessToken, engine.KindIDToken, engine.KindRefreshToken),
		"Minting.format":        oneOf(fixtures.FormatJWT, fixtures.FormatOpaque),
		"NextLogin.on":          oneOf(endpoint.OnAuthorization, endpoint.OnRefresh),
		"NextLogin.deny":        isTrue,
		"NextLogin": func(s *jsonschema.Schema) {
			for _, name := range []string{"user", "deny", "error"} {
				s.OneOf = append(s.OneOf, &jsonschema.Schema{Required: []string{name}})
			}
			s.DependentRequired = map[string][]string{"error_description": {"error"}}
		},
		"Tenant.name":    func(s *jsonschema.Schema) { s.Pattern = `^[A-Za-z0-9][A-Za-z0-9._~-]{0,99}$` },
		"Tenant.login":   oneOf(endpoint.LoginModes()...),
		"Tenant.consent": oneOf(endpoint.ConsentModes()...),
		"FaultOrder": func(s *jsonschema.Schema) {
			s.Description = "Asks for a fault: one of the catalogue by its name, or a raw one, which says itself what is to go wrong. A raw one with a status or a body answers in the endpoint's place"
		},
		"Fixtures": func(s *jsonschema.Schema) {
			s.Description = "Users, clients and scopes. For a list that is left out a tenant has what the first provider began with; an empty one stays empty"
		},
		"ClockMove":         func(s *jsonschema.Schema) { s.MinProperties = new(1) },
		"KeyChange":         oneMember,
		"KeyChange.rotate":  isTrue,
		"KeyChange.publish": isTrue,
		"KeyChange.reset":   isTrue,
		"Revocation":        oneMember,
		"Drip.bytes":        between(1, 1<<20),
		"Drip.every":        isDuration,
		"Problem.status":    between(400, 599),
		"Problem.type":      func(s *jsonschema.Schema) { s.Format = "uri-reference" },
	}
	for _, component := range []string{"FaultOrder", "FaultInForce"} {
		list[component+".at"] = func(s *jsonschema.Schema) {
			s.AnyOf[0].Enum, s.AnyOf[1].Items.Enum, s.AnyOf[1].MaxItems = enum(fault.Endpoints()), enum(fault.Endpoints()), new(50)
		}
		list[component+".times"] = between(0, 1_000_000)
		list[component+".chance"] = chance
		list[component+".status"] = between(200, 599)
		list[component+".body"] = func(s *jsonschema.Schema) { s.Types = []string{"string", "object", "array"} }
		list[component+".delay"] = isDuration
		list[component+".truncate"] = between(0, 1<<20)
	}
	return list
}

func enum(names []string) (list []any) {
	for _, name := range names {
		list = append(list, name)
	}
	return list
}

// limit applies the limits, each of which must have something to say it of.
func (s *schemas) limit(t *testing.T) {
	t.Helper()
	for address, change := range limits() {
		component, property, _ := strings.Cut(address, ".")
		made := s.byName[component]
		if property != "" && made != nil {
			made = made.Properties[property]
		}
		NewWithT(t).Expect(made).NotTo(BeNil(), "there is a limit for %s, but no such schema", address)
		change(made)
	}
}

// At a limit of the description the provider does what is asked, and beyond it neither
// the description nor the provider allows it.
func TestLimitsOfTheDescriptionAreTheProviders(t *testing.T) {
	t.Parallel()
	d := readDescription(t)
	for path, bodies := range map[string]struct{ within, beyond []string }{
		"/faults": {
			[]string{
				`{"name":"wrong_issuer","times":1000000}`, `{"name":"wrong_issuer","chance":1}`, `{"name":"wrong_issuer","at":"token"}`,
				`{"status":200}`, `{"status":599}`, `{"body":"x"}`, `{"body":{"a":1}}`, `{"body":[1]}`, `{"truncate":1048576}`,
				`{"delay":"10m"}`, `{"delay":"1.5s"}`, `{"drip":{"bytes":1048576,"every":"1ms"}}`, `{"headers":{"A":"b","C":["d","e"]},"status":200}`,
			},
			[]string{
				`{"name":"wrong_issuer","times":1000001}`, `{"name":"wrong_issuer","times":-1}`, `{"name":"wrong_issuer","chance":0}`,
				`{"name":"wrong_issuer","chance":1.1}`, `{"name":"wrong_issuer","at":"tokens"}`, `{"name":"wrong_issuer","at":["tokens"]}`,
				`{"status":199}`, `{"status":600}`, `{"status":"503"}`, `{"body":1}`, `{"body":true}`, `{"truncate":1048577}`, `{"truncate":-1}`,
				`{"delay":"2 s"}`, `{"delay":2}`, `{"drip":{"bytes":0,"every":"1ms"}}`, `{"drip":{"bytes":1048577,"every":"1ms"}}`,
			},
		},
		"/users": {
			[]string{`{"username":"x","password":"p","status":"locked"}`},
			[]string{`{"password":"p"}`, `{"username":"x"}`, `{"username":"x","password":"p","status":"lost"}`},
		},
		"/clients": {
			[]string{`{}`, `{"auth_method":"none"}`, `{"grants":["password"]}`, `{"access_token":{"format":"opaque","lifespan":"90s"}}`},
			[]string{`{"auth_method":"tls"}`, `{"grants":["pasword"]}`, `{"subject_type":"secret"}`, `{"access_token":{"format":"saml"}}`, `{"access_token":{"lifespan":"soon"}}`, `{"response_types":["token"]}`},
		},
		"/clock": {
			[]string{`{"freeze":false}`, `{"advance":"-1h"}`, `{"set":"2030-01-01T00:00:00Z","freeze":true}`},
			[]string{`{}`, `{"advance":3600}`, `{"advance":"1 hour"}`, `{"set":"tomorrow"}`},
		},
		"/login": {
			[]string{`{"user":"alice","on":"refresh"}`, `{"error":"server_error","error_description":"x"}`},
			[]string{`{}`, `{"user":"alice","deny":true}`, `{"user":"alice","on":"logout"}`, `{"user":"alice","error_description":"x"}`},
		},
		"/keys":    {[]string{`{"rotate":true}`, `{"add":"ES256"}`}, []string{`{}`, `{"rotate":false}`, `{"rotate":true,"publish":true}`}},
		"/revoke":  {[]string{`{"user":"nobody"}`}, []string{`{}`, `{"user":"a","client":"b"}`}},
		"/tokens":  {[]string{`{"kind":"refresh_token"}`}, []string{`{"kind":"code"}`, `{"format":"saml"}`}},
		"/tenants": {[]string{`{}`, `{"name":"a","ttl":"1h"}`}, []string{`{"name":"-a"}`, `{"name":"a b"}`, `{"name":"b","login":"ask"}`, `{"name":"b","consent":"ask me"}`}},
	} {
		for _, body := range slices.Concat(bodies.within, bodies.beyond) {
			allowed := slices.Contains(bodies.within, body)
			t.Run(path+" "+body, func(t *testing.T) {
				t.Parallel()
				g := NewWithT(t)
				err := d.check(t, d.request("POST", path), []byte(body))
				g.Expect(err == nil).To(Equal(allowed), "the description: %v", err)
				a := dial(t, Start(t), "POST", path, body)
				g.Expect(a.status < 300).To(Equal(allowed), "the provider: %s", a.body)
			})
		}
	}
}

// Each member has a description that says what it is, and has no link of Go's in it.
func TestMembersAreDescribed(t *testing.T) {
	t.Parallel()
	s := newSchemas(t)
	for _, v := range verbs() {
		for _, typ := range []reflect.Type{v.in, v.out} {
			if typ != nil {
				s.of(t, typ)
			}
		}
	}
	for name, made := range s.byName {
		if made.Description == "" {
			t.Errorf("%s is not described: comment the type", name)
		}
		for member, property := range made.Properties {
			if property.Description == "" {
				t.Errorf("%s.%s is not described: comment the field", name, member)
			}
			NewWithT(t).Expect(property.Description).NotTo(MatchRegexp(`\[[A-Z]\w+\]`), "%s.%s", name, member)
		}
	}
}
