package provider

// Reset has everything be as at the start: fixtures, keys, clock, faults, chance, and
// nothing granted, logged in, queued or recorded. Tenants are their own.
func (p *Provider) Reset() {
	p.roster.change.Lock()
	defer p.roster.change.Unlock()
	p.roster.current.Store(p.roster.begun)
	p.engine.Know(p.roster.begun.directory)
	p.engine.Reset()
	p.sessions.Reset()
	p.logins.Clear()
	p.record.Clear()
	p.clock.Reset()
	p.keys.Reset()
	p.seedKeys()
	p.chance.reset()
	p.beginFaults()
}
