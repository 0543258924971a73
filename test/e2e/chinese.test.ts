import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeHome, runSesame } from '../support/sesame.ts'
import type { TestHome } from '../support/test-home.ts'
import { startTmux } from '../support/tmux.ts'
import { inWorld } from '../support/world.ts'

const chinese = { LANG: 'zh_CN.UTF-8' }

async function runHere(...words: string[]) {
  const { home, remove } = makeHome()
  try {
    return await runSesame(words, { home, env: chinese })
  } finally {
    remove()
  }
}

test('an error and its hint are in Chinese; the exit code is the same', async () => {
  const { code, stdout, stderr } = await runHere('logni')
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toBe(
    'sesame: sesame 没有 “logni” 命令。\n您是想用 “sesame login” 吗？请参阅 “sesame help”。\n',
  )
})

test('help is in Chinese', async () => {
  const { code, stdout } = await runHere('help', 'login')
  expect(code).toBe(0)
  expect(stdout).toContain('用法：sesame login [OPTIONS]')
})

test('SESAME_LANGUAGE=en goes before the locale, and a locale of another character set is English', async () => {
  const { home, remove } = makeHome()
  for (const env of [{ ...chinese, SESAME_LANGUAGE: 'en' }, { LANG: 'zh_CN.GBK' }]) {
    const { stderr } = await runSesame(['logni'], { home, env })
    expect(stderr).toBe(
      'sesame: "logni" is not a command of sesame.\nDid you mean "sesame login"? See "sesame help".\n',
    )
  }
  remove()
})

/** Commands whose standard output a program reads, and those that fail in a way that a shell evaluates. */
const forPrograms = [
  'login --profile dev --format json',
  'login --profile dev --env',
  'credentials --profile dev',
  'credentials --profile dev --format json --min-ttl 1s',
  'credentials --profile dev --format fish',
  'credentials --profile nowhere --env',
  'credentials --profile dev --env --format json',
  'credentials --profile dev --min-ttl 100h --format powershell',
  'use dev --env',
  'use nowhere --format fish',
  'profile list --json',
  'profile show dev --json',
  'version --json',
  'help --man',
  'doctor --offline --json',
  'serve --stop',
  'serve --env --port 99999',
  'hook zsh',
  'completion bash',
  'no-such-command',
]

test(
  'what programs read is the same, byte for byte, and so is the exit code',
  inWorld({}, async ({ home }) => {
    const { code } = await home.run(['login', '--profile', 'dev'])
    expect(code).toBe(0)
    for (const line of forPrograms) {
      const [english, translated] = [await outcome(home, line, {}), await outcome(home, line, chinese)]
      expect(translated, line).toEqual(english)
    }
  }),
)

async function outcome(home: TestHome, line: string, env: Record<string, string>) {
  const { code, stdout } = await home.run(line.split(' '), { env })
  return { code, stdout }
}

test.each([
  ['serve --port 99999', '--port 必须是 0 到 65535 之间的数字。\n'],
  ['serve --env --format fish', '--env 与 --format fish 互相矛盾。\n'],
  [
    'serve --stop',
    '当前 shell 没有服务：未设置 SESAME_SERVE_PID。\n启动服务：eval "$(sesame serve --env)"\n',
  ],
])('%s says in Chinese what is wrong', async (line, said) => {
  const { code, stderr } = await runHere(...line.split(' '))
  expect({ code, stderr }).toEqual({ code: 2, stderr: `sesame: ${said}` })
})

test(
  'the cached path warns in Chinese, and says each thing once',
  inWorld({}, async ({ portal, home }) => {
    await home.run(['login', '--profile', 'dev'])
    const before = portal.calls().length
    chmodSync(join(home.directory, 'config.json'), 0o644)
    const { code, stderr } = await home.run(['credentials', '--profile', 'dev'], { env: chinese })
    expect(code).toBe(0)
    expect(stderr.match(/config\.json 曾对其他用户开放，现已将权限改为 0600。/g)).toHaveLength(1)
    expect(stderr).not.toMatch(/[a-z]+ [a-z]+ [a-z]+/i)
    expect(portal.calls()).toHaveLength(before)
  }),
)

test(
  'credentials on a terminal are printed with the warning in Chinese',
  inWorld({}, async ({ home }) => {
    await home.run(['login', '--profile', 'dev'])
    const env = { ...chinese, SESAME_STORE: 'plaintext' }
    const terminal = await startTmux({ home: home.home, env })
    try {
      await terminal.enter('sesame credentials --profile dev --format json')
      await terminal.shows(
        /警告：凭证已显示在终端上。建议使用 eval "\$\(sesame login --env\)" 或 sesame exec。/,
      )
    } finally {
      await terminal.stop()
    }
  }),
)
