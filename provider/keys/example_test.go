package keys_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"

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
	for _, published := range ring.Published() {
		fmt.Println(published.Key.ID(), published.Signs, err)
	}
	// Output:
	// dev-rs256-1 RS256 256 <nil>
	// dev-rs256-2 [RS256] <nil>
	// dev-es256-2 [ES256] <nil>
	// dev-rs256-1 [] <nil>
	// dev-es256-1 [] <nil>
}

func ExampleSeeded() {
	seed := rand.NewChaCha8(sha256.Sum256([]byte("any words"))) // the same keys in every run
	ring, err := keys.Seeded(seed, "EdDSA")
	if err != nil {
		panic(err)
	}
	err = ring.Rotate()
	for _, published := range ring.Published() {
		fmt.Println(published.Key.ID(), err)
	}
	// Output:
	// 2A4Eg-qhNM_Ryiyrwbsqo_yHv3Pus5771lcEyOq7EmM <nil>
	// zXpGJ0dp4fVJMvm4aEup-WcHXGSaUmO6s0_Ww77tAQM <nil>
}

func ExampleRing_Publish() {
	ring, err := keys.Development("ES256")
	if err != nil {
		panic(err)
	}
	show := func() {
		for _, published := range ring.Published() {
			fmt.Print(published.Key.ID(), " ", published.Signs, " ", published.Next, "; ")
		}
		fmt.Println(err)
	}
	err = ring.Publish()
	show()
	err = ring.Rotate()
	show()
	// Output:
	// dev-es256-1 [ES256] false; dev-es256-2 [] true; <nil>
	// dev-es256-2 [ES256] false; dev-es256-1 [] false; <nil>
}

func ExampleRing_Add() {
	ring, err := keys.Development("RS256")
	if err != nil {
		panic(err)
	}
	kid, err := ring.Add("ES256") // there was none, so it signs
	fmt.Println(kid, err, ring.Algs())
	kid, err = ring.Add("RS256") // stands beside the one that signs
	fmt.Println(kid, err)
	key, err := ring.Signer("RS256")
	fmt.Println(key.ID(), err)
	// Output:
	// dev-es256-1 <nil> [RS256 ES256]
	// dev-rs256-2 <nil>
	// dev-rs256-1 <nil>
}

func ExampleRing_Reset() {
	ring, err := keys.Development("ES256")
	if err != nil {
		panic(err)
	}
	err = ring.Rotate()
	ring.Reset()
	key, ok := ring.Key("dev-es256-2")
	fmt.Println(key, ok, err)
	// Output: <nil> false <nil>
}

func ExampleKey_For() {
	ring, err := keys.Random("RS256", "PS256") // which share one key
	if err != nil {
		panic(err)
	}
	key, err := ring.Signer("RS256")
	if err != nil {
		panic(err)
	}
	same, err := key.For("PS256")
	fmt.Println(same.Alg(), same.ID() == key.ID(), err)
	// Output: PS256 true <nil>
}
