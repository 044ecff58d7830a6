package check

import (
	"context"
	"crypto"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A Feature is something that a provider may lack.
type Feature string

// The features. Those with a note are read from the target's metadata; the
// others are declared in [Target.Features].
const (
	ClientCredentials  Feature = "client_credentials"  // metadata: grant_types_supported
	Password           Feature = "password"            // metadata: grant_types_supported
	Refresh            Feature = "refresh_token"       // metadata: grant_types_supported
	Introspection      Feature = "introspection"       // metadata: introspection_endpoint
	Revocation         Feature = "revocation"          // metadata: revocation_endpoint
	PublishedKeys      Feature = "published_keys"      // metadata: jwks_uri
	AuthorizationCode  Feature = "authorization_code"  // metadata: grant_types_supported, authorization_endpoint
	PKCE               Feature = "pkce"                // metadata: code_challenge_methods_supported has S256
	FormPost           Feature = "form_post"           // metadata: response_modes_supported
	FragmentMode       Feature = "fragment"            // metadata: response_modes_supported
	IssParameter       Feature = "iss_parameter"       // metadata: authorization_response_iss_parameter_supported
	ClaimsParameter    Feature = "claims_parameter"    // metadata: claims_parameter_supported
	OpenID             Feature = "openid"              // metadata: scopes_supported
	OfflineAccess      Feature = "offline_access"      // metadata: scopes_supported
	UserInfo           Feature = "userinfo"            // metadata: userinfo_endpoint
	EndSession         Feature = "end_session"         // metadata: end_session_endpoint
	SignedUserInfo     Feature = "signed_userinfo"     // metadata: userinfo_signing_alg_values_supported
	Hybrid             Feature = "code id_token"       // metadata: response_types_supported
	Implicit           Feature = "id_token token"      // metadata: response_types_supported
	IDTokenInFront     Feature = "id_token_in_front"   // metadata: response_types_supported has one with id_token
	StrictBearer       Feature = "strict_bearer"       // bearer_errors, or metadata: userinfo_endpoint, which OpenID Connect Core §5.3.3 binds to RFC 6750 §3
	BasicAuth          Feature = "client_secret_basic" // metadata: token_endpoint_auth_methods_supported
	PostAuth           Feature = "client_secret_post"  // metadata: token_endpoint_auth_methods_supported
	PublicClients      Feature = "none"                // metadata: token_endpoint_auth_methods_supported
	JWTClientAuth      Feature = "private_key_jwt"     // metadata: token_endpoint_auth_methods_supported
	Discovery          Feature = "discovery"           // the target has an RFC 8414 document
	OpenIDDiscovery    Feature = "openid_discovery"    // the target has an OpenID Connect document
	JWTAccessTokens    Feature = "jwt_access_tokens"   // RFC 9068
	ResourceIndicators Feature = "resource_indicators" // RFC 8707
	ProtectedResource  Feature = "protected_resource"  // an endpoint that takes bearer tokens: Endpoints["resource"]
	BearerErrors       Feature = "bearer_errors"       // that endpoint refuses with the statuses and challenges of RFC 6750 §3
	ResourceMetadata   Feature = "resource_metadata"   // that endpoint has RFC 9728 metadata
	StepUp             Feature = "step_up"             // RFC 9470
	MovableClock       Feature = "movable_clock"       // Target.Advance is set
	BruteForceLimit    Feature = "brute_force_limit"   // failed logins are throttled
	StoreFaults        Feature = "store_faults"        // Target.FailStore is set
	KeyRotation        Feature = "key_rotation"        // Target.RotateKeys is set
	UserRemoval        Feature = "user_removal"        // Target.NewUser is set
	TLS                Feature = "tls"                 // the issuer is https
	PublicPKCE         Feature = "public_pkce"         // public clients must use PKCE (RFC 9700 §2.1.1)
	RequiredPKCE       Feature = "required_pkce"       // all clients must use PKCE (OAuth 2.1)
	Pairwise           Feature = "pairwise"            // there are clients in the roles PairwiseA and PairwiseB
	RFC9700            Feature = "rfc9700"             // it keeps to the best current practice: the profile rfc9700 declares it
	OAuth21            Feature = "oauth2.1"            // it keeps to OAuth 2.1: the profile oauth2.1 declares it
)

// A Role names a client or user by what a check needs of it.
type Role string

// The clients' roles. Each client has all the target's grants, may ask for
// Scopes, and may authenticate by Basic or in the body, unless it says otherwise.
// Each has a redirect URI on a host of its own, where nothing need listen.
const (
	Main         Role = "main"          // a confidential client: JWT access tokens where the target has them
	Other        Role = "other"         // a second confidential client
	Public       Role = "public"        // a client without a secret (token_endpoint_auth_method none)
	BasicOnly    Role = "basic-only"    // registered for client_secret_basic
	PostOnly     Role = "post-only"     // registered for client_secret_post
	OddlyNamed   Role = "oddly-named"   // id and secret with characters that the form encoding changes: space % : + /
	MachineOnly  Role = "machine-only"  // has the client_credentials grant only
	PasswordOnly Role = "password-only" // has the password grant only: no refresh_token, no client_credentials
	Expired      Role = "expired"       // its secret has expired
	Rotated      Role = "rotated"       // has a previous secret (Client.Previous), good for Client.Overlap more
	Disabled     Role = "disabled"      // a client, or a user, that is switched off
	ShortLived   Role = "short-lived"   // its access tokens live for Client.Lifespan
	OpaqueTokens Role = "opaque-tokens" // its access tokens are opaque

	TwoRedirects  Role = "two-redirects"   // has two redirect URIs
	QueryRedirect Role = "query-redirect"  // its redirect URI has the query ?x=1
	Native        Role = "native"          // a public client with http://127.0.0.1, http://[::1] and http://localhost redirect URIs without a port, in any order
	TLSLoopback   Role = "tls-loopback"    // its redirect URI is https://127.0.0.1 without a port
	PairwiseA     Role = "pairwise-a"      // has subject_type pairwise
	PairwiseB     Role = "pairwise-b"      // has subject_type pairwise, and redirect URIs of another host than PairwiseA
	SignsUserInfo Role = "signs-userinfo"  // has userinfo_signed_response_alg
	StrongIDToken Role = "strong-id-token" // may be missing: has an id_token_signed_response_alg with SHA-384 or SHA-512
)

// The users' roles; Main and Disabled serve here too.
const (
	OddUser         Role = "odd-user"         // é + % in the name; space + % & = é € 😀 in the password
	SpacedUser      Role = "spaced-user"      // the password begins and ends with a space
	LongUser        Role = "long-user"        // the password has more than 73 bytes
	LockedUser      Role = "locked"           // locked
	ExpiredPassword Role = "password-expired" // must choose a new password
	MFAUser         Role = "mfa-required"     // needs a second factor
)

// The methods of [Client.AuthMethod] (RFC 7591 §2).
const (
	AuthBasic = "client_secret_basic"
	AuthPost  = "client_secret_post"
)

// patience is how long a check waits unless the target says otherwise.
const patience = 5 * time.Second

// A Client is a client registered with the target.
type Client struct {
	ID, Secret string
	AuthMethod string        // AuthBasic or AuthPost: the only one that the target takes of it; empty for both
	Scopes     []string      // at least two, in any order
	Audiences  []string      // at least two where the target has resource indicators
	Lifespan   time.Duration // of its access tokens, where the role says so
	Previous   string        // the secret before this one
	Overlap    time.Duration // how much longer Previous is good for

	RedirectURIs           []string
	PostLogoutRedirectURIs []string

	Key             crypto.Signer // signs its assertions (RFC 7523)
	KeyID           string        // by which the target knows the key; empty for none
	Alg             string        // the one by which Key is to sign, "RS256"; empty for any that fits it
	Issuer, Subject string        // of its assertions, where they are not by itself and about itself
}

// A User is a user known to the target.
type User struct {
	Username, Password string
	Claims             map[string]any // of OpenID Connect Core §5.1, as userinfo tells them
}

// A Target is a provider under test: what there is to know to be a client of it.
type Target struct {
	Issuer    string
	Endpoints map[string]string // by metadata member ("token_endpoint"), where metadata is missing or wrong; "resource" is a URL that takes bearer tokens
	Clients   map[Role]Client
	Users     map[Role]User
	Features  []Feature    // what metadata does not say
	Login     Login        // how users log in at its pages
	HTTP      *http.Client // nil means one with a 10 s timeout that follows no redirect

	RequiredScopes []string // what every request by a user's login must ask for: openid at a provider that serves nothing else

	Exempt     []Feature     // what is not to be judged, whatever metadata says
	Demands    []Feature     // what must be claimed: a check that needs one of these and misses it is untestable
	WaitAtMost time.Duration // how long a check may wait where the clock cannot be moved; 0 means 5 s

	Advance    func(time.Duration)  // moves the target's clock; nil means that time must be waited for
	FailStore  func() (mend func()) // makes the target's storage fail until mended
	RotateKeys func()               // makes the target sign with a new key

	// RotateClientKey gives a client that is registered for private_key_jwt with a jwks_uri a new
	// key, publishes it there, and no older one, and answers the client with it.
	RotateClientKey func() Client

	NewUser func() (u User, remove func()) // adds a user to the target, and tells how to remove them

	moved    atomic.Int64 // how far the checks moved its clock, a time.Duration
	once     sync.Once
	metadata map[string]any
	err      error
}

// Secrets are the target's secrets and passwords, to be hidden from whoever reads
// a report. One that is the name of a user or client as well is none.
func (t *Target) Secrets() []string {
	var secrets []string
	names := map[string]bool{}
	for _, c := range t.Clients {
		names[c.ID] = true
		secrets = append(secrets, c.Secret, c.Previous)
	}
	for _, u := range t.Users {
		names[u.Username] = true
		secrets = append(secrets, u.Password)
	}
	return slices.DeleteFunc(secrets, func(s string) bool { return s == "" || names[s] })
}

// Metadata is the target's RFC 8414 document, or its OpenID Connect one where it
// has no other; empty when it has neither. It is read once.
func (t *Target) Metadata(ctx context.Context) (map[string]any, error) {
	t.once.Do(func() {
		t.metadata = map[string]any{}
		for _, address := range []string{t.MetadataURL(), t.OpenIDMetadataURL()} {
			document, err := t.fetch(ctx, address)
			if err != nil {
				t.err = err
				return
			}
			if document != nil {
				t.metadata = document
				return
			}
		}
	})
	return t.metadata, t.err
}

// MetadataURL is where RFC 8414 §3.1 puts the document: between host and path.
func (t *Target) MetadataURL() string {
	u, err := url.Parse(t.Issuer)
	if err != nil {
		return t.Issuer
	}
	u.Path = "/.well-known/oauth-authorization-server" + strings.TrimSuffix(u.Path, "/")
	return u.String()
}

// OpenIDMetadataURL is where OpenID Connect Discovery §4 puts the document: after the path.
func (t *Target) OpenIDMetadataURL() string {
	return strings.TrimSuffix(t.Issuer, "/") + "/.well-known/openid-configuration"
}

// fetch reads a JSON object; nil when there is none at the address.
func (t *Target) fetch(ctx context.Context, address string) (map[string]any, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("the issuer is no URL: %w", err)
	}
	response, err := t.http().Do(request)
	if err != nil {
		return nil, fmt.Errorf("the target cannot be reached: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, readAtMost))
	if err != nil {
		return nil, fmt.Errorf("the target stopped in the middle of %s: %w", address, err)
	}
	var document map[string]any
	if response.StatusCode != http.StatusOK || json.Unmarshal(body, &document) != nil {
		return nil, nil
	}
	return document, nil
}

// Has tells whether the target claims a feature, in its metadata or by
// declaration, and is not exempt from it.
func (t *Target) Has(ctx context.Context, f Feature) (bool, error) {
	if slices.Contains(t.Exempt, f) {
		return false, nil
	}
	if slices.Contains(t.Features, f) {
		return true, nil
	}
	switch f {
	case MovableClock:
		return t.Advance != nil, nil
	case StoreFaults:
		return t.FailStore != nil, nil
	case KeyRotation:
		return t.RotateKeys != nil, nil
	case UserRemoval:
		return t.NewUser != nil, nil
	case ClientKeyRotation:
		return t.RotateClientKey != nil, nil
	case ProtectedResource:
		return t.Endpoints["resource"] != "", nil
	case StrictBearer:
		if slices.Contains(t.Features, BearerErrors) {
			return true, nil
		}
	case TLS:
		return strings.HasPrefix(t.Issuer, "https:"), nil
	}
	metadata, err := t.Metadata(ctx)
	return err == nil && advertises(metadata, f), err
}

// lacks is what a check comes to whose feature the target does not claim.
func (t *Target) lacks(f Feature) Verdict {
	switch {
	case slices.Contains(t.Exempt, f):
		return Verdict{State: Skipped, Reason: fmt.Sprintf("the target is exempt from %s", f)}
	case slices.Contains(t.Demands, f):
		return Verdict{State: Untestable, Reason: fmt.Sprintf("the profile demands %s, which the target does not claim", f)}
	}
	return Verdict{State: Skipped, Reason: fmt.Sprintf("the target does not claim %s", f)}
}

// advertises reads a feature off a metadata document.
func advertises(metadata map[string]any, f Feature) bool {
	switch f {
	case AuthorizationCode:
		grants := metadata["grant_types_supported"]
		return metadata["authorization_endpoint"] != nil && (grants == nil || slices.Contains(texts(grants), string(f)))
	case PKCE:
		return slices.Contains(texts(metadata["code_challenge_methods_supported"]), "S256")
	case FormPost, FragmentMode:
		return slices.Contains(texts(metadata["response_modes_supported"]), string(f))
	case Hybrid, Implicit, IDTokenInFront:
		return hasResponseType(texts(metadata["response_types_supported"]), f)
	case OpenID, OfflineAccess:
		return slices.Contains(texts(metadata["scopes_supported"]), string(f))
	case IssParameter, ClaimsParameter:
		return metadata[flagOf(f)] == true
	case SignedUserInfo:
		return len(texts(metadata["userinfo_signing_alg_values_supported"])) > 0
	case StrictBearer:
		return metadata["userinfo_endpoint"] != nil
	case UserInfo, EndSession, Introspection, Revocation, DynamicRegistration:
		return metadata[string(f)+"_endpoint"] != nil
	case ClientCredentials, Password, Refresh, JWTBearerGrant:
		return slices.Contains(texts(metadata["grant_types_supported"]), string(f))
	case BasicAuth, PostAuth, PublicClients, JWTClientAuth:
		return slices.Contains(texts(metadata["token_endpoint_auth_methods_supported"]), string(f))
	case SenderConstrained:
		return len(texts(metadata["dpop_signing_alg_values_supported"])) > 0 || metadata["tls_client_certificate_bound_access_tokens"] == true
	case PublishedKeys:
		return metadata["jwks_uri"] != nil
	case Discovery, OpenIDDiscovery:
		return len(metadata) > 0
	}
	return false
}

// hasResponseType tells whether a list has a response type, whose words may be in
// any order (OAuth 2.0 Multiple Response Types §3).
func hasResponseType(listed []string, f Feature) bool {
	return slices.ContainsFunc(listed, func(responseType string) bool {
		words := strings.Fields(responseType)
		slices.Sort(words)
		return strings.Join(words, " ") == string(f) || f == IDTokenInFront && slices.Contains(words, "id_token")
	})
}

// flagOf is the metadata member that tells a feature by true.
func flagOf(f Feature) string {
	if f == IssParameter {
		return "authorization_response_iss_parameter_supported" // RFC 9207 §3
	}
	return "claims_parameter_supported" // OpenID Connect Discovery §3
}

// texts is a JSON array's strings.
func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, item := range list {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func (t *Target) http() *http.Client {
	if t.HTTP != nil {
		return t.HTTP
	}
	return &http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
