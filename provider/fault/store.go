package fault

import "errors"

// ErrStoreUnavailable is what storage answers under [StoreUnavailable].
var ErrStoreUnavailable = errors.New("the store is unavailable (fault store_unavailable)")

// StoreUnavailable makes every call to the storage fail.
var StoreUnavailable = Fault{
	Name: "store_unavailable", Clause: "RFC 6749 §5.2",
	Says:  "cannot reach its storage",
	Store: ErrStoreUnavailable,
}
