package lint

// A place is an endpoint, or several, as bits.
type place uint16

const (
	atToken place = 1 << iota
	atRevocation
	atIntrospection
	atAuthorization
	atEndSession
	atUserInfo
	atResource
	atVerify
	atKeys
	atDiscovery
)

const (
	atForms     = atToken | atRevocation | atIntrospection // take a form from a client, which authenticates
	atBrowser   = atAuthorization | atEndSession           // are visited by a browser
	atResources = atUserInfo | atResource | atVerify       // take an access token
	atDocuments = atKeys | atDiscovery
	atBackend   = atForms | atResources | atDocuments // are called by the client itself
	everywhere  = atBackend | atBrowser
)

// placeOf is the place of an endpoint's name in the record; 0 for one about which no
// rule has anything to say.
func placeOf(endpoint string) place {
	switch endpoint {
	case "token":
		return atToken
	case "revocation":
		return atRevocation
	case "introspection":
		return atIntrospection
	case "authorization":
		return atAuthorization
	case "end_session":
		return atEndSession
	case "userinfo":
		return atUserInfo
	case "resource":
		return atResource
	case "verify":
		return atVerify
	case "jwks":
		return atKeys
	case "openid-configuration", "oauth-authorization-server":
		return atDiscovery
	}
	return 0
}
