import { spawn } from 'node:child_process'
import type { TestContext } from 'vitest'

/** `nobody` of every Linux. */
const otherUid = 65_534

/** Skips a test where no process of another user can be started, or connections do not show users. */
export function needOtherUser({ skip }: TestContext): void {
  skip(process.platform !== 'linux', 'only Linux shows whose a connection is')
  skip(process.getuid?.() !== 0, 'only root can start a process of another user')
}

/** Runs a script of Node as another user and gives what it printed. */
export function runAsOtherUser(script: string, ...words: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...words], {
      uid: otherUid,
      gid: otherUid,
      cwd: '/',
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
    })
    child.once('error', reject)
    child.once('close', () => resolve(stdout))
  })
}

/** Gets an address as another user; says status, headers and body. */
export async function getAsOtherUser(url: string): Promise<{
  status: number
  headers: Record<string, string>
  body: string
}> {
  const script = `
    const answer = await fetch(process.argv[1], { redirect: 'manual' })
    const headers = Object.fromEntries(answer.headers)
    console.log(JSON.stringify({ status: answer.status, headers, body: await answer.text() }))`
  return JSON.parse(await runAsOtherUser(script, url))
}
