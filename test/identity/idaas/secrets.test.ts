import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import type { Fault } from '../../../mocks/index.ts'
import { refreshIdToken } from '../../../src/identity/index.ts'
import { type IdaasWorld, openIdaas, refreshTokenOf, refusalOf, retrieve } from './support/world.ts'

const secretsOf = ({ idaas }: IdaasWorld) => idaas.issued.map(({ value }) => value)

test('[case 77] no log line and no result shows a secret', async () => {
  const world = await openIdaas({ refresh: 'rotating' })
  const tokens = await retrieve(world)
  const refreshToken = tokens.refreshToken?.token
  if (refreshToken === undefined) throw new Error('the server gave no refresh token')
  const renewed = await refreshIdToken(world.idaas.application, refreshToken, world.context)
  const shown = [...world.logged, inspect([tokens, renewed], { depth: 9 }), JSON.stringify(tokens)].join('\n')
  expect(shown).toContain('POST /api/public/bff/v1.2')
  expect(shown).toContain('[redacted ')
  expect(secretsOf(world)).toHaveLength(5)
  for (const secret of secretsOf(world)) expect(shown).not.toContain(secret)
})

test.each<[string, (secret: string) => Fault]>([
  [
    'as JSON',
    (secret) => ({ kind: 'json', body: { success: false, code: secret, message: `${secret} is wrong` } }),
  ],
  ['as HTML', (secret) => ({ kind: 'status', status: 400, body: `<html>${secret}</html>` })],
  ['as a token', (secret) => ({ kind: 'json', body: { success: true, data: { id_token: `${secret} x` } } })],
])('[case 77] a server that echoes what it was sent %s does not get it into an error', async (_, echo) => {
  const world = await openIdaas()
  const refreshToken = await refreshTokenOf(world)
  const { idaas, context } = world
  idaas.fault('retrieve', echo(idaas.settings.appSecret))
  idaas.fault('refresh', echo(refreshToken.reveal()))
  const errors = [
    await refusalOf(retrieve(world)),
    await refusalOf(refreshIdToken(idaas.application, refreshToken, context)),
  ]
  for (const secret of secretsOf(world)) expect(inspect(errors, { depth: 9 })).not.toContain(secret)
})
