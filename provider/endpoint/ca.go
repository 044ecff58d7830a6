package endpoint

import "net/http"

// CA serves the certificate of the authority that vouches for a provider's TLS,
// in PEM (RFC 8555 §9.1 has the media type). [Plan] does not have it: there is
// such an authority only where the provider has made one.
func CA(pem []byte) Endpoint {
	return Endpoint{
		Name: "ca", Paths: []string{"/_mock/ca.pem"}, Methods: []string{http.MethodGet, http.MethodHead}, AtRoot: true,
		Handler: func(House) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/pem-certificate-chain")
				w.Header().Set("Cache-Control", "no-store") // each start has another
				_, _ = w.Write(pem)
			})
		},
	}
}
