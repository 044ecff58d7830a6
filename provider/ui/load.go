package ui

import (
	"embed"
	"sync"

	"github.com/mockoauth/mockoauth/provider/markup"
)

//go:embed pages style.css submit.js
var files embed.FS

// assets is what the pages are made of.
type assets struct {
	pages        markup.Pages
	style        markup.CSS
	script       markup.JS
	policy       string // the Content-Security-Policy
	scriptPolicy string // and that of a page with the script
}

// loaded parses the pages when the first one is asked for: most processes are
// started by a test that never opens a browser, and pay nothing.
var loaded = sync.OnceValue(load)

func load() *assets {
	a := &assets{
		pages:  markup.Parse(files, "pages/*.html"),
		style:  markup.Palette() + markup.CSS(read("style.css")),
		script: markup.JS(read("submit.js")),
	}
	// No form-action: Chromium holds it against the redirect that follows a
	// form too, so that it would stop every login on its way to the client,
	// and a form_post at whatever the client redirects to next.
	a.policy = "default-src 'none'; style-src " + markup.Source(string(a.style)) +
		"; img-src data:; base-uri 'none'; frame-ancestors 'none'"
	a.scriptPolicy = a.policy + "; script-src " + markup.Source(string(a.script))
	return a
}

func read(name string) []byte {
	content, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it was embedded
	}
	return content
}
