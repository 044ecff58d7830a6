package endpoint

import "net/http"

// healthz tells that the process lives.
func healthz() Endpoint { return health("healthz") }

// readyz tells that it serves; it does from its first answer on.
func readyz() Endpoint { return health("readyz") }

func health(name string) Endpoint {
	return Endpoint{
		Name: name, Paths: []string{"/" + name}, Methods: []string{http.MethodGet, http.MethodHead}, AtRoot: true,
		Handler: func(House) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
			})
		},
	}
}
