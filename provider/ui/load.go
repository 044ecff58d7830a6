package ui

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"maps"
	"sync"
	"text/template/parse"
)

//go:embed pages style.css submit.js
var files embed.FS

// assets is what the pages are made of.
type assets struct {
	pages        map[string]*parse.Tree // by the names of their definitions
	style        css
	script       js
	policy       string // the Content-Security-Policy
	scriptPolicy string // and that of a page with the script
}

// loaded parses the pages when the first one is asked for: most processes are
// started by a test that never opens a browser, and pay nothing.
var loaded = sync.OnceValue(load)

func load() *assets {
	a := &assets{
		pages:  parsed(),
		style:  css(read("style.css")),
		script: js(read("submit.js")),
	}
	// No form-action: Chromium holds it against the redirect that follows a
	// form too, so that it would stop every login on its way to the client,
	// and a form_post at whatever the client redirects to next.
	a.policy = "default-src 'none'; style-src " + hash(string(a.style)) +
		"; img-src data:; base-uri 'none'; frame-ancestors 'none'"
	a.scriptPolicy = a.policy + "; script-src " + hash(string(a.script))
	return a
}

// parsed is every template of the pages.
func parsed() map[string]*parse.Tree {
	names, err := fs.Glob(files, "pages/*.html")
	if err != nil {
		panic(err) // the pattern is well-formed
	}
	all := map[string]*parse.Tree{}
	for _, name := range names {
		trees, err := parse.Parse(name, string(read(name)), "", "", functions())
		if err != nil {
			panic(err) // it was embedded
		}
		maps.Copy(all, trees)
	}
	return all
}

func read(name string) []byte {
	content, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it was embedded
	}
	return content
}

// hash is the source expression that allows one inline element (Content
// Security Policy Level 3 §2.3.1).
func hash(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
