package store

import "encoding/binary"

// pack appends the length of list and each string after its own length: unlike
// a separator, that keeps apart whatever a client may send. An empty list is
// nothing at all.
func pack(b []byte, list []string) []byte {
	if len(list) == 0 {
		return b
	}
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, s := range list {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return b
}

// unpack returns what was packed as a list of its own, nil when empty.
func unpack(packed string) []string {
	if packed == "" {
		return nil
	}
	n, packed := length(packed)
	list := make([]string, n)
	for i := range list {
		n, packed = length(packed)
		list[i], packed = packed[:n], packed[n:]
	}
	return list
}

// length reads a length and returns what follows it.
func length(packed string) (int, string) {
	n, width := binary.Uvarint([]byte(packed[:min(len(packed), binary.MaxVarintLen64)]))
	return int(n), packed[width:]
}
