package lint

// logout are the rules about RP-Initiated Logout.
func logout() []Rule {
	return []Rule{
		{
			ID: "RL-155", Title: "Its post_logout_redirect_uri cannot be followed", Severity: Warn,
			Clauses: []string{"OpenID Connect RP-Initiated Logout §2", "OpenID Connect RP-Initiated Logout §3"},
			Advice:  "Register the URI in post_logout_redirect_uris of the client, and send id_token_hint or client_id with it",
			at:      atEndSession, see: func(l *look) sight {
				asked := l.asked()
				sent := asked.get("post_logout_redirect_uri")
				if sent == "" || l.ownPage() {
					return nothing()
				}
				if !asked.has("id_token_hint") && !asked.has("client_id") {
					return saw("post_logout_redirect_uri=" + sent + " without id_token_hint or client_id")
				}
				if l.client == nil {
					return nothing()
				}
				for _, registered := range l.client.PostLogoutRedirectURIs {
					if registered == sent {
						return nothing()
					}
				}
				return saw("post_logout_redirect_uri=" + sent + ", which is not registered")
			},
		},
	}
}
