package record

// Exchanges are some of a log's, the oldest first.
type Exchanges []Exchange

// To are those at an endpoint, "token".
func (xs Exchanges) To(endpoint string) Exchanges { return xs.where(Filter{Endpoint: endpoint}) }

// From are those that name a client.
func (xs Exchanges) From(client string) Exchanges { return xs.where(Filter{Client: client}) }

// By are those that name a user.
func (xs Exchanges) By(user string) Exchanges { return xs.where(Filter{User: user}) }

// Failed are those that [Exchange.Failed] tells.
func (xs Exchanges) Failed() Exchanges { return xs.where(Filter{Failed: true}) }

// Last is the newest; the zero Exchange when there is none.
func (xs Exchanges) Last() Exchange {
	if len(xs) == 0 {
		return Exchange{}
	}
	return xs[len(xs)-1]
}

func (xs Exchanges) where(f Filter) Exchanges {
	found := Exchanges{}
	for i := range xs {
		if f.matches(&xs[i]) {
			found = append(found, xs[i])
		}
	}
	return found
}
