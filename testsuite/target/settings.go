package target

import (
	"time"

	"github.com/mockoauth/mockoauth/testsuite/check"
)

// Settings are what there is to know of a provider under test. The tags are the only
// spelling of a field: json names it in a file, env and envPrefix in a variable and
// a flag, doc and envDefault describe it in [Variables], secret lets it be read from a
// file. Whatever is set here after [Load] wins.
type Settings struct {
	Issuer    string            `json:"issuer" env:"ISSUER" doc:"the provider's issuer identifier; its metadata tells the rest"`
	Endpoints map[string]string `json:"endpoints" env:"ENDPOINTS" doc:"endpoints that metadata does not tell, or tells wrongly, and one that takes bearer tokens: token=https://…,resource=https://…"`

	Clients        map[check.Role]Client `json:"clients"` // by what the checks need of them
	Users          map[check.Role]User   `json:"users"`
	Scopes         []string              `json:"scopes" env:"SCOPES" doc:"scopes, two at least, of each client that names none"`
	RequiredScopes []string              `json:"required_scopes" env:"REQUIRED_SCOPES" doc:"scopes without which the provider serves no user, such as openid; each request for a user's token asks for them"`
	RedirectURI    string                `json:"redirect_uri" env:"REDIRECT_URI" doc:"redirect URI of each client that names none; nothing need listen there"`

	Features []check.Feature `json:"features" env:"FEATURES" doc:"what the provider can and its metadata does not say"`
	Exempt   []check.Feature `json:"exempt" env:"EXEMPT" doc:"features that are not to be judged, whatever metadata says"`
	Profiles []string        `json:"profiles" env:"PROFILES" doc:"parts of the specifications to hold the provider to, such as oidc-basic; all when left out"`
	Login    Login           `json:"login" envPrefix:"LOGIN_"`

	CAFile   string        `json:"ca_file" env:"CA_FILE" doc:"certificates to trust besides the system's, in PEM"`
	Insecure bool          `json:"insecure" env:"INSECURE" envDefault:"false" doc:"bear with plain http to other machines, and with any certificate"`
	Timeout  time.Duration `json:"timeout" env:"TIMEOUT" envDefault:"10s" doc:"how long one request may take"`
	MaxWait  time.Duration `json:"max_wait" env:"MAX_WAIT" envDefault:"5s" doc:"how long a check may wait where the provider's clock cannot be moved"`
	Parallel int           `json:"parallel" env:"PARALLEL" envDefault:"4" doc:"how many checks to try at once"`

	ControlURL   string `json:"control_url" env:"CONTROL_URL" default:"/_mock at the issuer" doc:"the control of a mockoauth that is the provider, when it is at an address of its own"`
	ControlToken string `json:"control_token" env:"CONTROL_TOKEN" secret:"true" doc:"the token that this control demands"`
}

// A Client is a client registered with the provider.
type Client struct {
	ID         string   `json:"id" env:"ID" doc:"client_id"`
	Secret     string   `json:"secret" env:"SECRET" secret:"true" doc:"client secret; a public client has none"`
	AuthMethod string   `json:"auth_method" env:"AUTH_METHOD" default:"Basic or in the body" doc:"the only way in which it authenticates: client_secret_basic, client_secret_post, private_key_jwt or none"`
	Scopes     []string `json:"scopes" env:"SCOPES" doc:"scopes that it may ask for, two at least"`
	Audiences  []string `json:"audiences" env:"AUDIENCES" doc:"resources that it may ask for (RFC 8707), two at least"`

	RedirectURIs           []string `json:"redirect_uris" env:"REDIRECT_URIS" doc:"its redirect URIs; nothing need listen there"`
	PostLogoutRedirectURIs []string `json:"post_logout_redirect_uris" env:"POST_LOGOUT_REDIRECT_URIS" doc:"where it may have users sent after a logout"`

	Lifespan       time.Duration `json:"lifespan" env:"LIFESPAN" doc:"how long its access tokens live, in the role short-lived"`
	PreviousSecret string        `json:"previous_secret" env:"PREVIOUS_SECRET" secret:"true" doc:"its secret before this one, in the role rotated"`
	Overlap        time.Duration `json:"overlap" env:"OVERLAP" doc:"how much longer that one is good for"`

	KeyFile string         `json:"key_file" env:"KEY_FILE" doc:"private key that signs its assertions (RFC 7523), a JWK or in PEM"`
	JWK     map[string]any `json:"jwk"` // the key itself, instead
	KeyID   string         `json:"kid" env:"KID" default:"the key's" doc:"kid by which the provider knows the key"`
	Alg     string         `json:"alg" env:"ALG" default:"the key's, or any that fits it" doc:"the only algorithm by which the key is to sign"`
	Issuer  string         `json:"issuer" env:"ISSUER" default:"its id" doc:"iss of its assertions, in the role exchanger"`
	Subject string         `json:"subject" env:"SUBJECT" default:"its id" doc:"sub of its assertions, in the role exchanger"`
}

// A User is a user whom the provider knows.
type User struct {
	Username string         `json:"username" env:"USERNAME" doc:"username"`
	Password string         `json:"password" env:"PASSWORD" secret:"true" doc:"password"`
	Claims   map[string]any `json:"claims"` // what userinfo tells of them (OpenID Connect Core §5.1)
}

// A Login is how users log in: at the provider's pages, whose inputs are guessed or
// named here; or by headers; or by a command, which takes a request for authorization
// to its end.
//
// The command is started for each request at which the provider wants something of a
// user, with its URL as last argument, and MOCKOAUTH_LOGIN_URL, _USERNAME, _PASSWORD
// and _REDIRECT_URI in its environment. It prints the URL to which the provider sends
// the user, with code and state or with error, and exits with 0. Checks of pages,
// cookies and sessions are skipped then.
type Login struct {
	Username string            `json:"username" env:"USERNAME" default:"guessed" doc:"name of the input for the username"`
	Password string            `json:"password" env:"PASSWORD" default:"guessed" doc:"name of the input for the password"`
	Fields   map[string]string `json:"fields" env:"FIELDS" doc:"what to send with the login form besides: realm=staff"`
	Headers  map[string]string `json:"headers" env:"HEADERS" doc:"headers that log a user in at each page, instead of a form: X-Forwarded-User={username}; {password} is replaced, too"`
	Command  Command           `json:"command" env:"COMMAND" doc:"command that logs a user in, instead of a form, and prints where the provider sent them; in a variable, separated by spaces"`
	Timeout  time.Duration     `json:"timeout" env:"TIMEOUT" envDefault:"30s" doc:"how long the command may take"`
}

// A Command is a program and its arguments.
type Command []string
