package provider

import (
	"net/http"
	"slices"

	"github.com/mockoauth/mockoauth/provider/record"
)

// verbs is all that a test can have the provider do over HTTP, in the order of the
// documentation: the routes and the OpenAPI document both come from it.
func verbs() []verb {
	return slices.Concat(requestVerbs(), findingVerbs(), faultVerbs(), clockVerbs(), userVerbs(), clientVerbs(), tokenVerbs(), tenantVerbs())
}

func requestVerbs() []verb {
	filter := filterParameters()
	shown := parameter{"secrets", "show, to have secrets and tokens as they were sent"}
	return []verb{
		{
			Method: http.MethodGet, Path: "/requests", Go: []string{"Requests", "RequestsWith", "WaitForRequests"},
			Summary: "Lists the requests that came, with what was decided and why, oldest first",
			Query: append(slices.Clone(filter),
				parameter{"count", "waits until so many match, 1 if left out beside wait"},
				parameter{"wait", "for how long, such as 2s, at most 1m, by the real clock; then answers what there is"}, shown),
			service: answers(listRequests),
		},
		{
			Method: http.MethodGet, Path: "/requests.har", Go: []string{"Requests"},
			Summary: "Exports the requests as HTTP Archive 1.2, which browsers' tools open",
			Query:   append(slices.Clone(filter), shown), service: writes("application/json", exportRequests),
		},
		{
			Method: http.MethodGet, Path: "/requests/stream", Go: []string{"FollowRequests"},
			Summary: "Sends each request as it comes, as server-sent events; Last-Event-ID goes on where a reader stopped",
			Query:   append(slices.Clone(filter), shown), service: writes("text/event-stream", streamRequests),
		},
		{
			Method: http.MethodDelete, Path: "/requests", Go: []string{"ClearRequests"},
			Summary: "Forgets the requests so far", service: acts(func(p *Provider, _ *call) error { p.ClearRequests(); return nil }),
		},
	}
}

func filterParameters() []parameter {
	docs := map[string]string{
		"endpoint": "only those to an endpoint, such as token", "client": "only those of a client", "user": "only those of a user",
		"grant": "only those of a grant_type", "error": "only those refused with an error code", "status": "only those answered with a status, such as 401 or 4xx",
		"failed": "true, for those only that failed", "since": "only those after the one of an id, or not before a time of the provider's clock",
	}
	var list []parameter
	for _, name := range record.FilterNames() {
		list = append(list, parameter{name, docs[name]})
	}
	return list
}

func faultVerbs() []verb {
	return []verb{
		{
			Method: http.MethodGet, Path: "/faults", Go: []string{"Faults"},
			Summary: "Lists the faults in force, and the catalogue of those with a name",
			Query:   []parameter{{"catalog", "false, to leave the catalogue out, which is long"}}, service: answers(listFaults),
		},
		{
			Method: http.MethodPost, Path: "/faults", Go: []string{"Inject"}, Status: http.StatusCreated,
			Summary: "Puts a fault in force, after those that are: one of the catalogue by its name, or a raw one", service: takes(orderFault),
		},
		{
			Method: http.MethodDelete, Path: "/faults", Go: []string{"ClearFaults"},
			Summary: "Puts all faults out of force", service: acts(func(p *Provider, _ *call) error { p.ClearFaults(); return nil }),
		},
		{
			Method: http.MethodDelete, Path: "/faults/{id}", Go: []string{"RemoveFault"},
			Summary: "Puts one fault out of force", service: acts(removeFault),
		},
	}
}

func clockVerbs() []verb {
	return []verb{
		{
			Method: http.MethodGet, Path: "/clock", Go: []string{"Clock", "Clock.State"},
			Summary: "Tells the provider's time", service: answers(readClock),
		},
		{
			Method: http.MethodPost, Path: "/clock", Go: []string{"Clock.Apply"},
			Summary: "Moves the clock: advance, set, freeze, reset; nothing is moved when a part is wrong", service: takes(moveClock),
		},
	}
}

func userVerbs() []verb {
	return []verb{
		{Method: http.MethodGet, Path: "/users", Go: []string{"Users"}, Summary: "Lists the users", service: answers(listUsers)},
		{
			Method: http.MethodPost, Path: "/users", Go: []string{"AddUser"}, Status: http.StatusCreated,
			Summary: "Makes a user", service: takes(addUser),
		},
		{Method: http.MethodGet, Path: "/users/{username}", Go: []string{"UserNamed"}, Summary: "Answers a user", service: answers(readUser)},
		{
			Method: http.MethodPut, Path: "/users/{username}", Go: []string{"ReplaceUser"},
			Summary: "Makes a user anew, or for the first time", service: takes(replaceUser),
		},
		{
			Method: http.MethodPatch, Path: "/users/{username}", Go: []string{"PatchUser"},
			Summary: "Changes a user by a JSON Merge Patch (RFC 7396)", service: takes(patchUser),
		},
		{
			Method: http.MethodDelete, Path: "/users/{username}", Go: []string{"RemoveUser"},
			Summary: "Deletes a user, whose grants and sessions end", service: acts(removeUser),
		},
		{
			Method: http.MethodGet, Path: "/login", Go: []string{"QueuedLogins"},
			Summary: "Lists what users are to do next", service: answers(listLogins),
		},
		{
			Method: http.MethodPost, Path: "/login", Go: []string{"QueueLogin", "Login", "Deny"}, Status: http.StatusCreated,
			Summary: "Says what the user of the next request does without being asked: logs in, says no, fails, or turns into another at a refresh", service: takes(queueLogin),
		},
		{
			Method: http.MethodDelete, Path: "/login", Go: []string{"ClearLogins"},
			Summary: "Drops what users were to do next", service: acts(func(p *Provider, _ *call) error { p.ClearLogins(); return nil }),
		},
	}
}

func clientVerbs() []verb {
	return []verb{
		{Method: http.MethodGet, Path: "/clients", Go: []string{"Clients"}, Summary: "Lists the clients", service: answers(listClients)},
		{
			Method: http.MethodPost, Path: "/clients", Go: []string{"AddClient"}, Status: http.StatusCreated,
			Summary: "Makes a client, with an id and a secret if it has none", service: takes(addClient),
		},
		{Method: http.MethodGet, Path: "/clients/{id}", Go: []string{"ClientNamed"}, Summary: "Answers a client", service: answers(readClient)},
		{
			Method: http.MethodPut, Path: "/clients/{id}", Go: []string{"ReplaceClient"},
			Summary: "Makes a client anew, or for the first time", service: takes(replaceClient),
		},
		{
			Method: http.MethodPatch, Path: "/clients/{id}", Go: []string{"PatchClient"},
			Summary: "Changes a client by a JSON Merge Patch (RFC 7396)", service: takes(patchClient),
		},
		{
			Method: http.MethodDelete, Path: "/clients/{id}", Go: []string{"RemoveClient"},
			Summary: "Deletes a client, whose grants end", service: acts(removeClient),
		},
		{
			Method: http.MethodGet, Path: "/fixtures", Go: []string{"Fixtures"},
			Summary: "Answers the users, clients and scopes as they are now", service: answers(readFixtures),
		},
	}
}

func tokenVerbs() []verb {
	return []verb{
		{
			Method: http.MethodPost, Path: "/tokens", Go: []string{"Mint"}, Status: http.StatusCreated,
			Summary: "Makes a token, valid or not", service: takes(mintToken),
		},
		{
			Method: http.MethodPost, Path: "/revoke", Go: []string{"Revoke"},
			Summary: "Ends all grants of a user, of a client, or the one of a token", service: takes(revokeGrants),
		},
		{
			Method: http.MethodGet, Path: "/keys", Go: []string{"Keys", "Keys.Published"},
			Summary: "Lists the published keys, and what each signs", service: answers(listKeys),
		},
		{
			Method: http.MethodPost, Path: "/keys", Go: []string{"Keys.Rotate", "Keys.Publish", "Keys.Add", "Keys.Retire", "Keys.Reset"},
			Summary: "Changes the keys: rotate, publish, add, retire or reset", service: takes(changeKeys),
		},
	}
}

func tenantVerbs() []verb {
	return []verb{
		{Method: http.MethodGet, Path: "/tenants", Go: []string{"Tenants"}, Summary: "Lists the tenants", service: answers(listTenants)},
		{
			Method: http.MethodPost, Path: "/tenants", Go: []string{"AddTenant", "Tenant"}, Status: http.StatusCreated,
			Summary: "Makes a tenant: a further issuer with everything of its own", service: takes(addTenant),
		},
		{Method: http.MethodGet, Path: "/tenants/{name}", Go: []string{"TenantNamed"}, Summary: "Answers a tenant", service: answers(readTenant)},
		{
			Method: http.MethodDelete, Path: "/tenants/{name}", Go: []string{"RemoveTenant"},
			Summary: "Deletes a tenant with all that it has", service: acts(removeTenant),
		},
		{
			Method: http.MethodPost, Path: "/reset", Go: []string{"Reset"},
			Summary: "Has everything be as at the start: fixtures, keys, clock, faults, and nothing granted, logged in, queued, recorded or found",
			service: acts(func(p *Provider, _ *call) error { p.Reset(); return nil }),
		},
		{
			Method: http.MethodGet, Path: "/openapi.json",
			Summary: "Answers this description, of OpenAPI 3.1", service: writes("application/json", describeControl),
		},
	}
}
