package main

import (
	"fmt"
	"runtime/debug"
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

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(s *streams) error {
	_, err := fmt.Fprintln(s.out, "mockoauth", buildVersion())
	return err
}
