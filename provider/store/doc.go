// Package store keeps what a provider has issued and can take back: access
// tokens, refresh tokens and codes, as flat records. It knows neither HTTP nor
// the OAuth engine; what it guarantees is
//
//   - a record lives until it expires by the provider's clock, is revoked, or
//     is the oldest when its kind is full;
//   - [Store.Spend] answers true once for each record, however many ask at once;
//   - tokens themselves are not in it, only digests ([KeyOf]);
//   - what it hands out are copies.
//
// A record costs about 120 bytes and no work for the garbage collector, which
// is what the odd parts are for. Where to look: record.go for what is kept,
// store.go for the verbs and the lock, table.go for how a record is laid out
// and linked, and then, each on its own, chain.go (lists of slots), index.go
// (hash tables), deadline.go (what expires next), intern.go and list.go
// (strings), pages.go (memory that grows by the page).
package store
