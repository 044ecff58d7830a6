// What a test does to the provider, and finds in it, with nothing but fetch.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { tenant } from './mockoauth.js'

// ask sends a token request.
function ask(idp, client, form) {
  return fetch(`${idp.issuer}/token`, { method: 'POST', body: new URLSearchParams({ client_id: client.id, client_secret: client.secret, ...form }) })
}

const password = { grant_type: 'password', username: 'alice', password: 'alice' }

describe('the control', { concurrency: true }, () => {
  test('lets the token endpoint be down, once for each count, where it is asked', async t => {
    const idp = await tenant(t)
    const client = await idp.client()
    await idp.fault({ at: 'token', status: 503, headers: { 'Retry-After': '1' }, times: 2 })
    const statuses = []
    for (let i = 0; i < 3; i++) statuses.push((await ask(idp, client, password)).status)
    assert.deepEqual(statuses, [503, 503, 200])
  })

  test('lets an answer wait for the clock', async t => {
    const idp = await tenant(t)
    const client = await idp.client()
    await idp.fault({ at: 'token', delay: '10m', times: 1 })
    let isDone = false
    const asked = ask(idp, client, password).then(response => { isDone = true; return response })
    while ((await idp.call('GET', '/faults?catalog=false')).active.length > 0); // until it has come
    assert.equal(isDone, false)
    while (!isDone) await idp.clock({ advance: '10m' })
    assert.equal((await asked).status, 200)
  })

  test('lets a token expire, and a grant end', async t => {
    const idp = await tenant(t)
    const client = await idp.client()
    const { access_token } = await (await ask(idp, client, password)).json()
    assert.equal((await idp.resource(access_token)).status, 200)
    assert.equal((await idp.resource(access_token, '?scope=openid')).status, 403)
    await idp.clock({ advance: '2h' })
    const refused = await idp.resource(access_token)
    assert.equal(refused.status, 401)
    assert.match(refused.headers.get('www-authenticate'), /error="invalid_token"/)

    const later = await (await ask(idp, client, password)).json()
    assert.ok((await idp.revoke({ user: 'alice' })).revoked > 0)
    assert.equal((await idp.resource(later.access_token)).status, 401)
  })

  test('mints tokens that nobody should accept, and one that works', async t => {
    const idp = await tenant(t)
    for (const forged of [{ key: 'foreign' }, { key: 'none' }, { claims: { exp: 0 } }]) {
      assert.equal((await idp.resource(await idp.mint({ user: 'alice', ...forged }))).status, 401)
    }
    assert.equal((await idp.resource(await idp.mint({ user: 'alice', register: true }))).status, 200)
  })

  test('waits for the requests that an application sends in the background', async t => {
    const idp = await tenant(t)
    const client = await idp.client()
    const waiting = idp.requests({ endpoint: 'token', count: 2, wait: '10s' })
    await ask(idp, client, password)
    await ask(idp, client, { ...password, password: 'wonderland' })
    const [first, second] = await waiting
    assert.equal(first.status, 200)
    assert.equal(second.error, 'invalid_grant')
    assert.match(second.reason, /wrong password of user 'alice'/)
    assert.ok(!JSON.stringify([first, second]).includes(client.secret))
  })

  test('streams the requests as they come', async t => {
    const idp = await tenant(t)
    const client = await idp.client()
    const stream = await idp.stream({ client: client.id })
    t.after(stream.close)
    const seen = stream.events.next()
    await ask(idp, client, password)
    assert.equal((await seen).value.grant, 'password')
  })

  test('says what is wrong, and what was meant', async t => {
    const idp = await tenant(t)
    await assert.rejects(idp.fault({ name: 'token_unavailabel' }), /did you mean "token_unavailable"/)
    await assert.rejects(idp.clock({ advnce: '2h' }), /advnce: .*did you mean advance/)
    await assert.rejects(idp.call('GET', '/request'), /Did you mean \/_mock\/requests\?/)
    assert.equal((await idp.call('GET', '/faults?catalog=false')).active.length, 0)
  })

  test('is given back: a reset makes all as it was', async t => {
    const idp = await tenant(t, { fixtures: { users: [{ username: 'erin', password: 'e' }] } })
    const client = await idp.client()
    await idp.call('PATCH', '/users/erin', { status: 'locked' })
    assert.equal((await ask(idp, client, { ...password, username: 'erin', password: 'e' })).status, 400)
    await idp.call('POST', '/reset')
    assert.equal((await idp.call('GET', '/users/erin')).status, undefined)
    await assert.rejects(idp.call('GET', `/clients/${client.id}`), /unknown client/)
  })
})

// Each has a tenant of its own, and what one does is nothing to the others.
describe('twenty tests at once', { concurrency: true }, () => {
  for (let i = 0; i < 20; i++) {
    test(`number ${i}`, async t => {
      const idp = await tenant(t)
      const client = await idp.client()
      if (i % 2) await idp.fault({ name: 'token_unavailable' })
      await idp.clock({ advance: `${i}h` })
      for (let n = 0; n < 5; n++) assert.equal((await ask(idp, client, password)).status, i % 2 ? 503 : 200)
      assert.equal((await idp.call('GET', '/clock')).offset, `${i}h0m0s`.replace(/^0h0m/, ''))
      assert.equal((await idp.requests({ endpoint: 'token' })).length, 5)
    })
  }
})
