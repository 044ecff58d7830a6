package fault

import "slices"

// Catalog lists every named fault, in reading order: from the connection over
// what is heard to what is signed and said.
func Catalog() []Fault {
	return slices.Concat(
		tokenEndpoint(),
		clientAuthentication(),
		grants(),
		refresh(),
		authorization(),
		code(),
		pkce(),
		openID(),
		idToken(),
		userInfo(),
		logout(),
		bearer(),
		revocation(),
		introspection(),
		metadata(),
		jose(),
	)
}

// Named finds a fault of the catalogue by its name.
func Named(name string) (Fault, bool) {
	catalog := Catalog()
	i := slices.IndexFunc(catalog, func(f Fault) bool { return f.Name == name })
	if i < 0 {
		return Fault{}, false
	}
	return catalog[i], true
}
