package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/pflag"

	"github.com/mockoauth/mockoauth/provider/fault"
)

func prepareFaults(*pflag.FlagSet) func(*streams, []string) error { return listFaults }

// listFaults lists the catalogue: names for MOCKOAUTH_FAULTS, what they do, and
// the clause that they break.
func listFaults(s *streams, _ []string) error {
	t := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	for _, f := range fault.Catalog() {
		fmt.Fprintf(t, "%s\t%s\t%s (%s)\n", f.Name, strings.Join(f.At, ","), f.Says, f.Clause)
	}
	return t.Flush()
}
