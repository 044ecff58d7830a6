package main

import (
	"reflect"
	"testing"

	. "github.com/onsi/gomega"
)

// Every list is read alike: without the spaces around its items, and without empty ones.
func TestListsAreReadWithoutSpaces(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var environ []string
	for _, d := range describe() {
		environ = append(environ, d.name+"= /a ,, /b ")
	}
	s, _ := readSettings(environ) // what is no list cannot be read from this
	lists := 0
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		for i := range v.NumField() {
			field := v.Field(i)
			switch {
			case field.Kind() == reflect.Struct:
				walk(field)
			case field.Type() == reflect.TypeFor[[]string]():
				lists++
				g.Expect(field.Interface()).To(Equal([]string{"/a", "/b"}), v.Type().Field(i).Name)
			}
		}
	}
	walk(reflect.ValueOf(s))
	g.Expect(lists).NotTo(BeZero())
}
