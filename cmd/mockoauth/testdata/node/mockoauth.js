// What a test suite in Node needs of mockoauth: a tenant for each test, and the control's
// verbs. Copy it into your own; it has no dependencies.
import { randomUUID } from 'node:crypto'

const base = process.env.MOCKOAUTH_URL ?? 'http://localhost:9000'

// tenant makes an issuer for one test, which is gone when the test ends.
export async function tenant(t, spec = {}) {
  const made = await control(`${base}/_mock`, 'POST', '/tenants', { name: `node-${randomUUID()}`, ttl: '5m', ...spec })
  const idp = new Tenant(made)
  t.after(() => control(`${base}/_mock`, 'DELETE', `/tenants/${made.name}`))
  return idp
}

// control calls a verb, and throws what a problem document says.
export async function control(at, method, path, body) {
  const response = await fetch(at + path, { method, body: body === undefined ? undefined : JSON.stringify(body) })
  const answer = response.status === 204 ? undefined : await response.json()
  if (response.ok) return answer
  const errors = (answer.errors ?? []).map(e => `\n  ${e.field}: ${e.message}`)
  throw Object.assign(new Error(`${method} ${path}: ${answer.detail}${errors.join('')}`), { problem: answer })
}

class Tenant {
  constructor({ name, issuer, control, fixtures }) {
    Object.assign(this, { name, issuer, control, fixtures })
  }

  call(method, path, body) { return control(this.control, method, path, body) }

  user(user) { return this.call('POST', '/users', user) }
  client(client = {}) { return this.call('POST', '/clients', client) }
  login(user, more = {}) { return this.call('POST', '/login', { user, ...more }) }
  deny() { return this.call('POST', '/login', { deny: true }) }
  fault(order) { return this.call('POST', '/faults', order) }
  clearFaults() { return this.call('DELETE', '/faults') }
  clock(move) { return this.call('POST', '/clock', move) }
  rotate() { return this.call('POST', '/keys', { rotate: true }) }
  revoke(what) { return this.call('POST', '/revoke', what) }
  async mint(minting) { return (await this.call('POST', '/tokens', minting)).token }

  // requests lists those that match; with wait ('2s') it waits for count of them.
  async requests(filter = {}) {
    return (await this.call('GET', `/requests?${new URLSearchParams(filter)}`)).requests
  }

  // stream opens the stream of requests, and yields each as it comes.
  async stream(filter = {}) {
    const end = new AbortController()
    const response = await fetch(`${this.control}/requests/stream?${new URLSearchParams(filter)}`, { signal: end.signal })
    if (!response.ok) throw new Error((await response.json()).detail)
    return { events: events(response.body), close: () => end.abort() }
  }

  // resource asks the protected resource.
  resource(token, path = '') {
    return fetch(`${this.control}/resource${path}`, { headers: { Authorization: `Bearer ${token}` } })
  }
}

// events reads server-sent events that have JSON for data.
async function* events(body) {
  let text = ''
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text += part
    for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
      const data = text.slice(0, end).match(/^data: (.*)$/m)
      if (data) yield JSON.parse(data[1])
    }
  }
}
