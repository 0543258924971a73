import { createHash, randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { homebrewFormula } from '../../packaging/homebrew.ts'
import { releaseNotes, sectionOf } from '../../packaging/release/changelog.ts'
import { downloadsOf, downloadUrl, releasedInstaller } from '../../packaging/release/downloads.ts'
import { checkArchives, writeReleaseFiles } from '../../packaging/release/files.ts'
import { scoopManifest } from '../../packaging/scoop.ts'
import { releasedOn, version } from '../../src/kit/index.ts'
import { spawnSync } from '../support/run-sync.ts'
import { archiveOf } from './fake-release.ts'
import { checksumLine } from './release-server.ts'

const root = join(import.meta.dirname, '..', '..')
const work = mkdtempSync(join(tmpdir(), 'sesame-release-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const workflow = readFileSync(join(root, '.github', 'workflows', 'release.yml'), 'utf8')
const url = 'https://downloads.example/sesame'
const given = process.env.SESAME_DOWNLOAD_URL
afterEach(() => {
  if (given === undefined) delete process.env.SESAME_DOWNLOAD_URL
  else process.env.SESAME_DOWNLOAD_URL = given
})

const targets = [
  'linux-x64',
  'linux-x64-baseline',
  'linux-arm64',
  'linux-x64-musl',
  'darwin-arm64',
  'darwin-x64',
]
const names = [
  ...targets.map((target) => `sesame-1.2.3-${target}.tar.gz`),
  ...['windows-x64', 'windows-arm64'].map((target) => `sesame-1.2.3-${target}.zip`),
]
const sums = names.map((name) => checksumLine(name, name)).join('')
const sumOf = (name: string) => createHash('sha256').update(name).digest('hex')
const downloads = downloadsOf(sums, '1.2.3', url)

describe('archives by target', () => {
  test('are read from SHA256SUMS; what is no archive of the version is left out', () => {
    const more = [
      checksumLine('install.sh', 'x'),
      checksumLine('sesame-1.2.3-linux-x64.cdx.json', 'x'),
      checksumLine('sesame-1.2.4-linux-x64.tar.gz', 'x'),
      checksumLine('sesame-1.2.3-linux-x64.tar.xz', 'x'),
      checksumLine('sesame-1.2.3-windows-x64.tar.xz', 'x'),
    ]
    const found = downloadsOf(sums + more.join(''), '1.2.3', url)
    expect([...found.keys()].sort()).toEqual([...targets, 'windows-x64', 'windows-arm64'].sort())
    expect(found.get('linux-x64')).toEqual({
      url: `${url}/download/v1.2.3/sesame-1.2.3-linux-x64.tar.xz`,
      sha256: sumOf('x'),
    })
    expect(found.get('windows-x64')?.url).toMatch(/\.zip$/)
    expect(found.get('linux-arm64')).toEqual({
      url: `${url}/download/v1.2.3/sesame-1.2.3-linux-arm64.tar.gz`,
      sha256: sumOf('sesame-1.2.3-linux-arm64.tar.gz'),
    })
  })

  test('a line that is no checksum is an error', () => {
    for (const line of ['abc  sesame-1.2.3-linux-x64.tar.gz\n', `${'g'.repeat(64)}  x\n`, '<html>\n'])
      expect(() => downloadsOf(line, '1.2.3', url)).toThrow('no checksum')
  })
})

describe('the Homebrew formula', () => {
  const formula = homebrewFormula('1.2.3', url, downloads)

  test('has an address and a checksum for each system, completions and the man page', () => {
    for (const name of names.filter((each) => !/musl|windows/.test(each)))
      expect(formula.replace(/\s+/g, ' ')).toContain(
        `url "${url}/download/v1.2.3/${name}" sha256 "${sumOf(name)}"`,
      )
    expect(formula).toContain('generate_completions_from_executable(bin/"sesame", "completion")')
    expect(formula).toContain('man1/"sesame.1"')
    expect(formula).toContain('version "1.2.3"')
    expect(formula).not.toMatch(/musl|windows|undefined/)
  })

  test.skipIf(spawnSync('ruby', ['--version']).error !== undefined)('is Ruby', () => {
    const { stdout, stderr, status } = spawnSync('ruby', ['-wc'], { input: formula, encoding: 'utf8' })
    expect({ stdout, stderr, status }).toEqual({ stdout: 'Syntax OK\n', stderr: '', status: 0 })
  })

  test('is not made without one of its archives', () => {
    const few = new Map([...downloads].filter(([target]) => target !== 'darwin-x64'))
    expect(() => homebrewFormula('1.2.3', url, few)).toThrow('darwin-x64')
  })
})

describe('the Scoop manifest', () => {
  const manifest = JSON.parse(scoopManifest('1.2.3', url, downloads))

  test('has an address and a checksum for each processor, and finds later versions', () => {
    expect(manifest).toMatchObject({
      version: '1.2.3',
      license: 'Apache-2.0',
      bin: 'sesame.exe',
      homepage: url,
    })
    for (const [architecture, target] of [
      ['64bit', 'windows-x64'],
      ['arm64', 'windows-arm64'],
    ] as const) {
      const name = `sesame-1.2.3-${target}.zip`
      expect(manifest.architecture[architecture]).toEqual({
        url: `${url}/download/v1.2.3/${name}`,
        hash: sumOf(name),
      })
      expect(manifest.autoupdate.architecture[architecture].url).toBe(
        `${url}/download/v$version/sesame-$version-${target}.zip`,
      )
    }
    expect(manifest.autoupdate.hash.url).toBe('$baseurl/SHA256SUMS')
    expect(new RegExp(manifest.checkver.regex).exec(sums)?.[1]).toBe('1.2.3')
  })

  test('has members that the schema of Scoop knows, and says how to get completion', () => {
    expect(Object.keys(manifest).sort()).toEqual(
      [
        ...[
          'architecture',
          'autoupdate',
          'bin',
          'checkver',
          'description',
          'homepage',
          'license',
          'notes',
          'version',
        ],
      ].sort(),
    )
    expect(manifest.notes.join('\n')).toContain(
      'sesame completion powershell | Out-String | Invoke-Expression',
    )
  })
})

describe('where releases are', () => {
  test('is said by one line of install.sh, and by a variable in its place', () => {
    delete process.env.SESAME_DOWNLOAD_URL
    const line = /^download_url='(.*)'$/m.exec(releasedInstaller())?.[1]
    expect(downloadUrl() ?? '').toBe(line)
    process.env.SESAME_DOWNLOAD_URL = `${url}/`
    expect(downloadUrl()).toBe(url)
    expect(releasedInstaller()).toMatch(new RegExp(`^download_url='${url}'$`, 'm'))
  })
})

describe('the changelog', () => {
  const changelog = [
    '# Changelog\n\n## Unreleased\n\n## 1.2.3 - 2026-12-01\n\n### Added\n',
    '- A thing that takes\n  two lines.\n- Another.\n\n## 1.2.2\n\n- Old.\n',
  ].join('\n')

  test('its section of a version becomes the notes, an item on a line', () => {
    const section = sectionOf(changelog, '1.2.3')
    expect(section?.date).toBe('2026-12-01')
    expect(sectionOf(changelog, '1.2.2')).toEqual({ date: undefined, text: '- Old.' })
    expect(sectionOf(changelog, 'Unreleased')).toEqual({ date: undefined, text: '' })
    expect(sectionOf(changelog, '1.2')).toBeUndefined()
    if (section === undefined) return
    expect(releaseNotes(section, '1.2.3')).toBe('### Added\n\n- A thing that takes two lines.\n- Another.\n')
    const notes = releaseNotes(section, '1.2.3', url)
    expect(notes).toContain(`curl -fsSL ${url}/download/v1.2.3/install.sh | sh -s -- --version 1.2.3`)
  })

  test('dates this version as the program does', () => {
    expect(sectionOf(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version)?.date).toBe(releasedOn)
  })
})

describe('the files of a release', () => {
  const from = join(work, 'standalone')
  mkdirSync(from)
  const content = { sesame: 'program' }
  for (const target of targets) writeFileSync(join(from, `sesame-1.2.3-${target}.tar.gz`), archiveOf(content))
  writeFileSync(join(from, 'sesame-1.2.3-linux-x64.cdx.json'), '{}')
  writeFileSync(join(from, 'THIRD-PARTY-NOTICES'), 'notices')
  writeFileSync(join(from, 'sesame-1.2.3-linux-x64'), 'the bare program')
  writeFileSync(join(from, 'sesame-1.2.2-linux-x64.tar.gz'), 'an old archive')
  const section = { date: '2026-12-01', text: '- New.' }

  test('have checksums that sha256sum takes, and the installer; what cannot be made is said', () => {
    process.env.SESAME_DOWNLOAD_URL = url
    const to = join(work, 'release')
    const missing = writeReleaseFiles({ version: '1.2.3', section, from, to })
    expect(missing).toEqual([expect.stringContaining('windows-x64, which the manifest needs')])
    expect(readdirSync(to).sort()).toEqual(
      [
        ...[
          'SHA256SUMS',
          'THIRD-PARTY-NOTICES',
          'install.sh',
          'notes.md',
          'sesame.rb',
          'sesame-1.2.3-linux-x64.cdx.json',
        ],
        ...targets.map((target) => `sesame-1.2.3-${target}.tar.gz`),
      ].sort(),
    )
    const { status } = spawnSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: to })
    expect(status).toBe(0)
    const named = readFileSync(join(to, 'SHA256SUMS'), 'utf8')
    expect(named).toContain('  install.sh\n')
    expect(named).not.toContain('SHA256SUMS')
    delete process.env.SESAME_DOWNLOAD_URL
    if (downloadUrl() === undefined)
      expect(writeReleaseFiles({ version: '1.2.3', section, from, to })).toEqual([
        expect.stringContaining('download_url in packaging/install.sh'),
      ])
  })

  test('an archive holds the program at its beginning or in its only directory', () => {
    const write = (files: Record<string, string>) =>
      writeFileSync(join(work, 'sesame-1.2.3-linux-x64.tar.gz'), archiveOf(files))
    for (const files of [{ sesame: 'x' }, { 'sesame-1.2.3/sesame': 'x', 'sesame-1.2.3/LICENSE': 'x' }]) {
      write(files as Record<string, string>)
      expect(() => checkArchives(work, ['sesame-1.2.3-linux-x64.tar.gz'])).not.toThrow()
    }
    // Of two archives of one target the smaller one counts.
    write({ sesame: 'x' })
    writeFileSync(
      join(work, 'sesame-1.2.3-linux-x64.tar.xz'),
      archiveOf({ sesame: randomBytes(1000).toString('hex') }, 'xz'),
    )
    truncateSync(join(work, 'sesame-1.2.3-linux-x64.tar.gz'), 50_000_000)
    const both = ['sesame-1.2.3-linux-x64.tar.gz', 'sesame-1.2.3-linux-x64.tar.xz']
    expect(() => checkArchives(work, both.slice(1))).not.toThrow()
    expect(() => checkArchives(work, both)).not.toThrow()
    expect(() => checkArchives(work, both.slice(0, 1))).toThrow('more than 45000000')
    write({ 'share/completions/sesame': 'x', LICENSE: 'x' })
    expect(() => checkArchives(work, ['sesame-1.2.3-linux-x64.tar.gz'])).toThrow('holds no sesame')
  })
})

describe('npm run release:check', () => {
  const check = (...words: string[]) =>
    spawnSync('npx', ['tsx', 'packaging/release/check.ts', ...words], { cwd: root, encoding: 'utf8' })

  test('version, tag and changelog must be one', () => {
    const rehearsal = check('version')
    expect({ stdout: rehearsal.stdout, status: rehearsal.status }).toEqual({
      stdout: expect.stringMatching(`^ok +version: ${version} of ${releasedOn}, no tag`),
      status: 0,
    })
    const wrong = check('--tag', 'v0.0.1', 'version')
    expect({ stdout: wrong.stdout, status: wrong.status }).toEqual({
      stdout: expect.stringMatching(/^FAILED +version: The tag is v0\.0\.1/),
      status: 1,
    })
  })

  test('a step that there is not is wrong usage', () => {
    const { stderr, status } = check('publish')
    expect({ stderr, status }).toEqual({
      stderr: expect.stringContaining('steps are version, tree,'),
      status: 2,
    })
  })

  test('the workflow takes steps that there are', () => {
    const taken = [...workflow.matchAll(/release:check -- (?:--tag "\$GITHUB_REF_NAME" )?([a-z ]+)$/gm)]
    const steps = /steps are (.*)\./.exec(check('nothing').stderr)?.[1]?.split(', ') ?? []
    expect(taken.length).toBeGreaterThan(1)
    for (const [, words = ''] of taken) expect(steps).toEqual(expect.arrayContaining(words.trim().split(' ')))
  })
})

describe('the release workflow', () => {
  const { jobs } = parse(workflow)

  test('builds every target, once', () => {
    const source = readFileSync(join(root, 'packaging', 'standalone', 'targets.ts'), 'utf8')
    const known = [...source.matchAll(/^ {2}row\('([a-z0-9-]+)'/gm)].map(([, name]) => name)
    expect(known.length).toBeGreaterThan(10)
    const built: { target: string }[] = jobs.executables.strategy.matrix.include
    expect(built.map(({ target }) => target).toSorted()).toEqual(known.toSorted())
  })

  test('gives an identity to the job that publishes alone, and publishes what was tried', () => {
    const asking = Object.keys(jobs).filter((name) => jobs[name].permissions?.['id-token'] !== undefined)
    expect(asking).toEqual(['publish'])
    expect(jobs.publish.needs).toBe('executables')
    expect(jobs.executables.needs).toBe('check')
    expect(workflow).toContain('npm publish --provenance')
  })

  test('its scripts are there', () => {
    const scripts = new Set([...workflow.matchAll(/\bpackaging\/[\w/.-]+\.sh\b/g)].map(([path]) => path))
    expect(scripts.size).toBeGreaterThan(1)
    for (const path of scripts) expect(existsSync(join(root, path)), path).toBe(true)
  })
})
