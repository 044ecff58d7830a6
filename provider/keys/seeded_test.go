package keys_test

import (
	"bytes"
	"crypto/rsa"
	"encoding/hex"
	"errors"
	"io"
	"math/big"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"

	. "github.com/onsi/gomega"

	"github.com/mockoauth/mockoauth/provider/keys"
)

func seeded(t *testing.T, seed byte, algs ...string) *keys.Ring {
	t.Helper()
	r, err := keys.Seeded(rand.NewChaCha8([32]byte{seed}), algs...)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return r
}

// UPDATE_GOLDEN=1 writes the file anew. A change of it breaks the seeds that people have.
func TestSeededKeysAreTheSameInEveryProcess(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	r := seeded(t, 1, "RS256", "ES256", "ES384", "ES512", "EdDSA")
	const golden = "testdata/seeded.jwks.json"
	if os.Getenv("UPDATE_GOLDEN") != "" {
		g.Expect(os.WriteFile(golden, r.JWKS(), 0o644)).To(Succeed())
	}
	want, err := os.ReadFile(golden)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(r.JWKS())).To(Equal(string(want)))
}

func TestSeededKeysRepeatAfterTheSameChanges(t *testing.T) {
	t.Parallel()
	algs := []string{"ES256", "RS256", "ES384", "ES512", "EdDSA"}
	a, b, other := seeded(t, 2, algs...), seeded(t, 2, algs...), seeded(t, 3, algs...)
	g := NewWithT(t)
	g.Expect(a.JWKS()).NotTo(Equal(other.JWKS()))
	g.Expect(a.Development()).To(BeFalse())
	for name, change := range map[string]func(*keys.Ring){
		"nothing": func(*keys.Ring) {},
		"rotate":  func(r *keys.Ring) { must(t, r.Rotate()) },
		"publish": func(r *keys.Ring) { must(t, r.Publish()) },
		"add":     func(r *keys.Ring) { add(t, r, "ES256") },
	} {
		before := a.JWKS()
		change(a)
		change(b)
		g.Expect(string(a.JWKS())).To(Equal(string(b.JWKS())), name)
		if name != "nothing" {
			g.Expect(a.JWKS()).NotTo(Equal(before), name)
		}
		for _, alg := range algs {
			input := []byte("header.payload")
			first, err := signer(t, a, alg).Sign(input)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(signer(t, b, alg).Sign(input)).To(Equal(first), alg)
			g.Expect(signer(t, a, alg).Sign(input)).To(Equal(first), alg)
			g.Expect(verify(alg, signer(t, a, alg).Public(), input, first)).To(Succeed())
		}
		verifies(t, a)
	}
}

func TestResetDoesNotRewindTheSeed(t *testing.T) {
	t.Parallel()
	g, r := NewWithT(t), seeded(t, 4, "EdDSA")
	must(t, r.Rotate())
	first := signer(t, r, "").ID()
	r.Reset()
	must(t, r.Rotate())
	g.Expect(signer(t, r, "").ID()).NotTo(Equal(first))
}

func TestSeededRSAKeysAreOrdinary(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	for seed := range byte(4) {
		r := seeded(t, 10+seed, "RS256", "PS512")
		g.Expect(kids(r)).To(HaveLen(1), "the RSA algorithms share one key")
		public := signer(t, r, "").Public().(*rsa.PublicKey)
		g.Expect(public.N.BitLen()).To(Equal(2048))
		g.Expect(public.E).To(Equal(65537))
		verifies(t, r)
	}
}

// jealous does not bear to be read twice at once, and gives others every opportunity.
type jealous struct {
	io.Reader
	busy atomic.Bool
}

func (j *jealous) Read(p []byte) (int, error) {
	if j.busy.Swap(true) {
		return 0, errors.New("read twice at once")
	}
	defer j.busy.Store(false)
	for range 10 {
		runtime.Gosched()
	}
	return j.Reader.Read(p)
}

func TestSeededClonesReadOneAtATime(t *testing.T) {
	t.Parallel()
	r, err := keys.Seeded(&jealous{Reader: rand.NewChaCha8([32]byte{5})}, "ES256", "EdDSA")
	must(t, err)
	var group sync.WaitGroup
	var mu sync.Mutex
	seen := map[string]bool{}
	for range 8 {
		group.Go(func() {
			c := r.Clone()
			for range 20 {
				must(t, c.Rotate())
				mu.Lock()
				for _, alg := range c.Algs() {
					if kid := signer(t, c, alg).ID(); seen[kid] {
						t.Errorf("%s was made twice", kid)
					} else {
						seen[kid] = true
					}
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
}

type repeating byte

func (b repeating) Read(p []byte) (int, error) {
	copy(p, bytes.Repeat([]byte{byte(b)}, len(p)))
	return len(p), nil
}

func TestSeedsThatMakeNoKey(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		random io.Reader
		alg    string
		want   string
	}{
		"nothing":              {bytes.NewReader(nil), "EdDSA", "read the seed of a key: EOF"},
		"too little":           {bytes.NewReader(make([]byte, 31)), "EdDSA", "read the seed of a key: unexpected EOF"},
		"too little for P-521": {bytes.NewReader(make([]byte, 65)), "ES512", "read the seed of a key: unexpected EOF"},
		"one prime only":       {bytes.NewReader(make([]byte, 200)), "RS256", "read the seed of a key: unexpected EOF"},
		"an error":             {iotest.ErrReader(errors.New("no chance")), "ES256", "read the seed of a key: no chance"},
		"zeros for a curve":    {repeating(0), "ES384", "the seed makes no P-384 key: read it from a source of chance"},
		"above every order":    {repeating(0xff), "ES256", "the seed makes no P-256 key: read it from a source of chance"},
		"zeros for RSA":        {repeating(0), "RS256", "the seed makes no RSA key: read it from a source of chance"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := keys.Seeded(c.random, c.alg)
			NewWithT(t).Expect(err).To(MatchError(HavePrefix(c.want)))
		})
	}
}

func TestARingIsAsBeforeWhenItsSeedEnds(t *testing.T) {
	t.Parallel()
	const enough = 2*32 + 31 // for the key that it begins with and for one more
	for name, change := range map[string]func(*keys.Ring) error{
		"rotate":  func(r *keys.Ring) error { return r.Rotate() },
		"publish": func(r *keys.Ring) error { return r.Publish() },
		"add":     func(r *keys.Ring) error { _, err := r.Add("ES384"); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			r, err := keys.Seeded(io.LimitReader(rand.NewChaCha8([32]byte{6}), enough), "EdDSA", "ES256")
			must(t, err)
			before, algs := r.JWKS(), r.Algs()
			g.Expect(change(r)).To(MatchError(And(ContainSubstring("read the seed of a key"), ContainSubstring(name))))
			g.Expect(r.JWKS()).To(Equal(before))
			g.Expect(r.Algs()).To(Equal(algs))
		})
	}
}

// RFC 6979 §A.2.5 to §A.2.7, message "sample".
func TestECDSANoncesAreThoseOfRFC6979(t *testing.T) {
	t.Parallel()
	for alg, c := range map[string]struct{ scalar, signature string }{
		"ES256": {
			"C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
			"EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716" +
				"F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
		},
		"ES384": {
			"6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5",
			"94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46" +
				"99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8",
		},
		"ES512": {
			"00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
			"00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F174E25A1EE9017B5D450606ADD152B534931D7D4E8455CC91F9B15BF05EC36E377FA" +
				"00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF282623EAA63E5B5C0723D8B8C37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4A67A",
		},
	} {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			scalar, err := hex.DecodeString(c.scalar)
			g.Expect(err).NotTo(HaveOccurred())
			// A seeded key is its bytes, so this is also a test of that.
			r, err := keys.Seeded(bytes.NewReader(scalar), alg)
			g.Expect(err).NotTo(HaveOccurred())
			signature, err := signer(t, r, "").Sign([]byte("sample"))
			g.Expect(err).NotTo(HaveOccurred())
			want, _ := new(big.Int).SetString(c.signature, 16)
			g.Expect(new(big.Int).SetBytes(signature)).To(Equal(want))
		})
	}
}
