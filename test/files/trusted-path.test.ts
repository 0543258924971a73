import {
  chmodSync,
  chownSync,
  lchownSync,
  linkSync,
  mkdirSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkTrustedDirectory, checkTrustedFile, followTrusted } from '../../src/files/trusted-path.ts'
import { testDirectory } from '../sst/support/samples.ts'

const stranger = 4242
const isRoot = process.getuid?.() === 0
const refused = (hint: string) =>
  expect.objectContaining({ code: 'ERR_FILE', hint: expect.stringContaining(hint) })

function tree(): { directory: string; file: string } {
  const directory = join(realpathSync(testDirectory()), 'sub')
  mkdirSync(directory, { mode: 0o700 })
  const file = join(directory, 'file')
  writeFileSync(file, 'x', { mode: 0o600 })
  return { directory, file }
}

describe('[case 108] where a path leads', () => {
  test('to a file of ours, through links of ours, to nothing', () => {
    const { directory, file } = tree()
    symlinkSync('sub', `${directory}.link`)
    symlinkSync('../sub/./file', join(directory, 'relative'))
    symlinkSync(file, join(directory, 'absolute'))
    expect(followTrusted(file).path).toBe(file)
    expect(followTrusted(`${directory}.link/file`).path).toBe(file)
    for (const name of ['relative', 'absolute']) expect(followTrusted(join(directory, name)).path).toBe(file)
    expect(followTrusted(`${directory}.link/none`)).toEqual({
      path: join(directory, 'none'),
      stats: undefined,
    })
    expect(followTrusted('/').path).toBe('/')
  })

  test('a link to nothing, a circle, a file as directory', () => {
    const { directory, file } = tree()
    symlinkSync(join(directory, 'none'), join(directory, 'dangling'))
    symlinkSync('none/deeper', join(directory, 'deep'))
    symlinkSync('circle', join(directory, 'circle'))
    for (const name of ['dangling', 'deep', 'circle']) {
      expect(() => followTrusted(join(directory, name)), name).toThrow(refused('real file'))
    }
    expect(() => followTrusted(join(file, 'x'))).toThrow(refused('another file'))
  })

  test.each([0o770, 0o707, 0o777, 0o722])('a directory of mode %o, near or far, is refused', (mode) => {
    const { directory, file } = tree()
    chmodSync(directory, mode)
    expect(() => followTrusted(file)).toThrow(refused(`chmod go-w ${directory}`))
    expect(() => checkTrustedDirectory(directory, file)).toThrow(refused('chmod go-w'))
    expect(followTrusted(file, { allowShared: true }).path).toBe(file)
    mkdirSync(join(directory, 'deeper'), { mode: 0o700 })
    expect(() => followTrusted(join(directory, 'deeper', 'file'))).toThrow(refused('chmod go-w'))
    symlinkSync(file, `${directory}.link`)
    expect(() => followTrusted(`${directory}.link`)).toThrow(refused('chmod go-w'))
  })

  test('a sticky directory is as good as a private one', () => {
    const { directory, file } = tree()
    chmodSync(directory, 0o1777)
    expect(followTrusted(file).path).toBe(file)
  })

  test.runIf(isRoot)(
    'directories, links and files of another user are refused, even when they are meant',
    () => {
      const { directory, file } = tree()
      const link = join(directory, 'link')
      symlinkSync(file, link)
      const lchown = (path: string) => lchownSync(path, stranger, stranger)
      chmodSync(directory, 0o1777)
      lchown(link)
      expect(() => followTrusted(link, { allowShared: true })).toThrow(/belongs to another user/)
      chownSync(file, stranger, stranger)
      const { stats } = followTrusted(file)
      const rules = { forbidden: 0o022, why: 'x', allowShared: true }
      if (stats === undefined) throw new Error('nothing there')
      expect(() => checkTrustedFile(file, stats, rules)).toThrow(/belongs to another user/)
      chownSync(directory, stranger, stranger)
      expect(() => followTrusted(file, { allowShared: true })).toThrow(/belongs to another user/)
    },
  )

  test('a second name is refused; so is writing by others, whatever is meant', () => {
    const { directory, file } = tree()
    const rules = { forbidden: 0o022, why: 'others can write to it' }
    const check = (allowShared: boolean) => () =>
      checkTrustedFile(file, statSync(file), { ...rules, allowShared })
    chmodSync(file, 0o660)
    expect(check(false)).toThrow(refused('chmod go-w'))
    expect(check(true)).not.toThrow()
    chmodSync(file, 0o666)
    expect(check(true)).toThrow(refused('chmod go-w'))
    chmodSync(file, 0o600)
    linkSync(file, join(directory, 'second'))
    expect(check(true)).toThrow(refused('Copy it'))
  })
})
