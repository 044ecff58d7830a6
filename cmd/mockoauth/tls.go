package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"

	"github.com/mockoauth/mockoauth/provider"
)

// What MOCKOAUTH_TLS can be.
const (
	tlsOff        = "off"
	tlsSelfSigned = "self-signed"
)

// on tells that the port speaks https.
func (s tlsSettings) on() bool { return s.Mode == tlsSelfSigned || s.Mode == "" && s.CertFile != "" }

// options are the provider's for TLS. The error lists all that is wrong, a line
// each, with the variable's name.
func (s tlsSettings) options() ([]provider.Option, error) {
	var errs []error
	problem := func(variable, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s%s: %w", prefix, variable, fmt.Errorf(format, args...)))
	}
	own := s.CertFile != "" || s.KeyFile != ""
	switch {
	case s.Mode != "" && s.Mode != tlsOff && s.Mode != tlsSelfSigned:
		problem("TLS", "%q is neither off nor self-signed; a certificate of your own goes into %sTLS_CERT_FILE and %sTLS_KEY_FILE", s.Mode, prefix, prefix)
	case s.Mode != "" && own:
		problem("TLS", "%s cannot go together with %sTLS_CERT_FILE and %sTLS_KEY_FILE; leave it or them out", s.Mode, prefix, prefix)
	}
	if len(s.Hosts) > 0 && s.Mode != tlsSelfSigned {
		problem("TLS_HOSTS", "it is for a certificate made at the start; set %sTLS=%s, too", prefix, tlsSelfSigned)
	}
	switch {
	case s.CertFile != "" && s.KeyFile == "":
		problem("TLS_KEY_FILE", "it is missing; a certificate needs its private key")
	case s.KeyFile != "" && s.CertFile == "":
		problem("TLS_CERT_FILE", "it is missing; a private key needs its certificate")
	case own:
		certificate, err := s.read()
		if err == nil && len(errs) == 0 {
			return []provider.Option{provider.WithCertificate(certificate)}, nil
		}
		errs = append(errs, err)
	case s.Mode == tlsSelfSigned:
		return []provider.Option{provider.WithTLS(s.Hosts...)}, errors.Join(errs...)
	}
	return nil, errors.Join(errs...)
}

// read reads the certificate and its key.
func (s tlsSettings) read() (tls.Certificate, error) {
	chain, errChain := os.ReadFile(s.CertFile)
	key, errKey := os.ReadFile(s.KeyFile)
	certFile, keyFile := prefix+"TLS_CERT_FILE", prefix+"TLS_KEY_FILE"
	var errs []error
	if errChain != nil {
		errs = append(errs, fmt.Errorf("%s: %w", certFile, errChain))
	} else if err := judgeChain(chain); err != nil {
		errs = append(errs, fmt.Errorf("%s: %s: %w", certFile, s.CertFile, err))
	}
	if errKey != nil {
		errs = append(errs, fmt.Errorf("%s: %w", keyFile, errKey))
	}
	if len(errs) > 0 {
		return tls.Certificate{}, errors.Join(errs...)
	}
	certificate, err := tls.X509KeyPair(chain, key) // of which the certificate is good
	if err != nil {
		return certificate, fmt.Errorf("%s: %s: %w", keyFile, s.KeyFile, err)
	}
	return certificate, nil
}

// judgeChain says what is wrong with the certificates of a PEM file.
func judgeChain(data []byte) error {
	found := false
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return err
		}
		found = true
	}
	if !found {
		return errors.New("there is no certificate in it, which begins with -----BEGIN CERTIFICATE-----")
	}
	return nil
}
