package provider

import (
	"crypto/rand"
	"crypto/sha256"
	"io"
	mathrand "math/rand/v2"
	"sync"
)

// Chance is where ids, secrets, codes and tokens come from: crypto/rand, or under
// a seed a stream that repeats in every process. Each purpose has a stream of
// its own, so that more of one thing does not change another. It may be read by
// several goroutines at once.
func Chance(seed, purpose string) io.Reader {
	if seed == "" {
		return rand.Reader
	}
	return &stream{source: mathrand.NewChaCha8(seedOf(seed, purpose))}
}

func seedOf(seed, purpose string) [32]byte { return sha256.Sum256([]byte(seed + "\x00" + purpose)) }

// stream is a source that several goroutines read.
type stream struct {
	mu     sync.Mutex
	source *mathrand.ChaCha8
}

// Read fills b.
func (s *stream) Read(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source.Read(b)
}

// chance is a tenant's stream, which a reset begins anew.
type chance struct {
	seed, purpose string

	mu     sync.RWMutex
	source io.Reader
}

func newChance(seed, purpose string) *chance {
	return &chance{seed: seed, purpose: purpose, source: Chance(seed, purpose)}
}

// Read fills b.
func (c *chance) Read(b []byte) (int, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.source.Read(b)
}

func (c *chance) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.source = Chance(c.seed, c.purpose)
}
