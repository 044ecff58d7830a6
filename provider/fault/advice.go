package fault

// What a careful client does, where families share it: words that begin where
// "a careful client" ends. What only one family says is said in its list.
const (
	lenient            = "cannot notice it: the provider is too lenient"
	inTheBrowser       = "cannot notice it: it happens in the user's browser"
	resourceRefuses    = "as a resource refuses the token; to a client tokens are opaque"
	reportsRefusal     = "reports the refusal with its error code, and does not try again"
	asksLater          = "reports the status, and asks again later, a few times and ever more slowly"
	refusesAnswer      = "refuses the answer and reports it"
	refusesToken       = "refuses the token and reports it"
	refusesIDToken     = "refuses the ID token, and with it the login"
	refusesMetadata    = "refuses the metadata and asks none of its endpoints"
	refusesKeys        = "refuses the keys, keeps those that it has, and asks again later"
	onlyTrueIsActive   = "refuses the token: only what says active true is active"
	couldNotAsk        = "refuses the token, and reports that it could not ask"
	knowsNoType        = "does not use a token whose type it does not know"
	comparesScope      = "compares the granted scope with what it asked for"
	treatsAsData       = "shows error_description escaped and cut to size, and decides nothing by it"
	encodesByTheLetter = "encodes its form by the letter, and reports the refusal"
	noOtherGrant       = "reports the refusal, and falls back to no other grant"
	notAskedThere      = "takes no response from where it did not ask for it"
	stateIsItsOwn      = "refuses a response whose state is not byte for byte its own"
	sendsCodeNowhere   = "refuses the response, and sends the code to no token endpoint"
	usesNoClaim        = "refuses the answer, and uses none of its claims"
	nullIsMissing      = "takes null for a missing member"
	oneNewToken        = "gets one new token and asks once more, then reports the refusal"
	ignoresTheKey      = "ignores the key and uses the others"
)

// advised is faults that say no Advice of their own with the one that they share.
// They come by address, and it is not inlined: copied where they are listed, 500
// faults would cost the image 150 kB.
//
//go:noinline
func advised(advice string, faults ...*Fault) []Fault {
	all := make([]Fault, len(faults))
	for i, f := range faults {
		all[i] = *f
		if f.Advice == "" {
			all[i].Advice = advice
		}
	}
	return all
}
