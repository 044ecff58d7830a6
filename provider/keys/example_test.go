package keys_test

import (
	"fmt"

	"github.com/mockoauth/mockoauth/provider/keys"
)

func ExampleDevelopment() {
	ring, err := keys.Development("RS256", "ES256")
	if err != nil {
		panic(err)
	}
	key, err := ring.Signer("") // the default, RS256
	if err != nil {
		panic(err)
	}
	signature, err := key.Sign([]byte("header.payload"))
	fmt.Println(key.ID(), key.Alg(), len(signature), err)

	err = ring.Rotate()
	for _, published := range ring.Keys() {
		fmt.Println(published.ID(), err)
	}
	// Output:
	// dev-rs256-1 RS256 256 <nil>
	// dev-rs256-2 <nil>
	// dev-es256-2 <nil>
	// dev-rs256-1 <nil>
	// dev-es256-1 <nil>
}
