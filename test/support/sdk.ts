import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { credentialVariableNames } from '../../src/output/index.ts'
import { recordOutput } from './record.ts'
import type { Finished } from './sesame.ts'
import type { World } from './world.ts'

/** Where the SDKs are found by `require`. */
const root = join(import.meta.dirname, '..', '..')

/** A program that asks the official SDK's default chain and prints what it gets. */
export const sdkProgram = `
  const { default: Credential } = require('@alicloud/credentials')
  new Credential().getCredential().then(
    ({ accessKeyId, accessKeySecret, securityToken, providerName }) =>
      console.log(JSON.stringify({ accessKeyId, accessKeySecret, securityToken, providerName })),
    (error) => { console.log(error.message); process.exitCode = 1 })`

/** What `sdkProgram` prints for the credentials of `sesame … --format json`. */
export function asSdk(json: string, providerName: string): Record<string, unknown> {
  const { access_key_id, access_key_secret, sts_token } = JSON.parse(json)
  return {
    accessKeyId: access_key_id,
    accessKeySecret: access_key_secret,
    securityToken: sts_token,
    providerName,
  }
}

/** Runs any program where the SDKs are found, with nothing in its environment but what is given. */
export function runProgram(
  command: string,
  words: readonly string[],
  { home }: World,
  env: Record<string, string> = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: home.home, SESAME_STORE: 'plaintext', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text) => {
        output[name] += text
      })
    child.once('error', reject)
    child.once('close', (code, signal) => {
      recordOutput({ words: ['exec', command], stdout: '', stderr: output.stderr, code })
      resolve({ code, signal, ...output })
    })
  })
}

/** Makes the stored credentials look as if they ended in `leftMs`; negative: as if they had. */
export function age({ home }: World, leftMs: number): void {
  const expiresAt = new Date(Date.now() + leftMs).toISOString()
  const obtainedAt = new Date(Date.now() + leftMs - 3_600_000).toISOString()
  home.change(({ key, value }) =>
    key.startsWith('credentials') ? { ...value, obtainedAt, expiresAt } : value,
  )
}

/** Signs in as `dev` and returns the printed JSON. */
export async function logIn({ home }: World): Promise<string> {
  const { stdout, stderr, code } = await home.prepare(['login', '--profile', 'dev'])
  if (code !== 0) throw new Error(stderr)
  return stdout
}

/** Prints our variables as JSON, in any child. */
export const printVariables = `console.log(JSON.stringify(Object.fromEntries(${JSON.stringify([
  ...credentialVariableNames,
  'ALIBABA_CLOUD_CREDENTIALS_URI',
])}.filter((name) => name in process.env).map((name) => [name, process.env[name]]))))`
