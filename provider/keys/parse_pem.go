package keys

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

const pemBegin = "-----BEGIN "

func readPEM(data []byte) (found []candidate, problems []error) {
	n := 0
	for {
		n++
		block, rest := pem.Decode(data)
		if block == nil {
			break
		}
		data = rest
		if block.Type == "EC PARAMETERS" { // openssl ecparam writes it in front of the key
			continue
		}
		at := fmt.Sprintf("PEM block %d (%s)", n, block.Type)
		private, err := readBlock(block)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", at, err))
			continue
		}
		found = append(found, candidate{at: at, private: private})
	}
	if bytes.Contains(data, []byte(pemBegin)) {
		problems = append(problems, fmt.Errorf("PEM block %d: its base64 or END line is broken: write the file as it was made", n))
	} else if len(found) == 0 && len(problems) == 0 {
		problems = append(problems, errors.New("the PEM has no private key: write a PKCS#8, PKCS#1 or SEC 1 one"))
	}
	return found, problems
}

func readBlock(block *pem.Block) (crypto.Signer, error) {
	if block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "" {
		return nil, errors.New("the key is encrypted: write it without password (openssl pkey -in FILE)")
	}
	var key any
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "CERTIFICATE":
		return nil, errors.New("a certificate cannot sign: write its private key, and that only")
	case "PUBLIC KEY", "RSA PUBLIC KEY":
		return nil, errors.New("a public key cannot sign: write the private one")
	case "OPENSSH PRIVATE KEY":
		return nil, errors.New("OpenSSH's format is not read: write PKCS#8 (ssh-keygen -p -m PKCS8 -f FILE)")
	default:
		return nil, errors.New("not a private key: write a PKCS#8, PKCS#1 or SEC 1 one")
	}
	if err != nil {
		return nil, fmt.Errorf("%w: write a PKCS#8, PKCS#1 or SEC 1 key", plain(err))
	}
	private, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("a key for key agreement cannot sign: write an RSA, P-256, P-384, P-521 or Ed25519 key")
	}
	return private, nil
}
