package main

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/mockoauth/mockoauth/provider/fault"
)

func prepareFaults(*pflag.FlagSet) func(*streams, []string) error { return listFaults }

// listFaults lists the catalogue: names for MOCKOAUTH_FAULTS, where they act, the
// clause that they break, what they do and what a careful client does about it.
// A name begins its line, so that grep finds it; nothing is in columns, since
// the widest would not fit a terminal of 80.
func listFaults(s *streams, _ []string) error {
	out := bufio.NewWriter(s.out)
	fmt.Fprintln(out, "name (endpoints; clause)\n  what the provider does\n  -> what a careful client does")
	for _, section := range fault.Sections() {
		fmt.Fprintf(out, "\n# %s\n", section.Title)
		for _, f := range section.Faults {
			at := "every endpoint"
			if len(f.At) > 0 {
				at = strings.Join(f.At, ", ")
			}
			fmt.Fprintf(out, "\n%s (%s; %s)\n  %s\n  -> %s\n", f.Name, at, f.Clause, f.Says, f.Advice)
		}
	}
	return out.Flush()
}
