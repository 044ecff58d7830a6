package provider

// Reset has everything be as at the start: fixtures, keys, clock, faults, chance, and
// nothing granted, logged in, queued, recorded or found. Tenants are their own.
func (p *Provider) Reset() {
	p.roster.change.Lock()
	defer p.roster.change.Unlock()
	p.roster.current.Store(p.roster.begun)
	p.engine.Know(p.roster.begun.directory)
	p.engine.Reset()
	p.sessions.Reset()
	p.logins.Clear()
	p.record.Clear()
	if p.lint != nil {
		p.lint.Reset()
	}
	p.clock.Reset()
	p.keys.Reset()
	p.seedKeys()
	p.chance.reset()
	p.beginFaults()
}
