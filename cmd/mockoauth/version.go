package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/pflag"
)

// version is set by the linker for a release: -X main.version=v1.2.3.
var version string

// buildVersion is the linker's version, else the module's.
func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}

func prepareVersion(*pflag.FlagSet) func(*streams, []string) error {
	return func(s *streams, _ []string) error {
		_, err := fmt.Fprintln(s.out, "mockoauth", buildVersion())
		return err
	}
}
