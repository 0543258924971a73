import { describe, expect, test } from 'vitest'
import { readBrowserList, withAddress } from '../../src/terminal/browser-command.ts'

const url = 'https://portal.example/device?user_code=AAAA-BBBB&x=%s%20y'
const files = new Set([
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/home/o’brien/a b/firefox',
  "/home/o'brien/firefox",
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
  '/usr/bin/w3m',
])

function commands(value: string, platform: NodeJS.Platform = 'linux'): string[][] {
  const programs = readBrowserList(value, platform, (path) => files.has(path))
  return programs.map(({ name, words }) => [name, ...withAddress(words, url)])
}

describe('[case 144] BROWSER is split as a shell would, and no shell runs it', () => {
  const chrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  test.each<[string, string[][]]>([
    ['firefox', [['firefox', url]]],
    ['firefox --new-window', [['firefox', '--new-window', url]]],
    [
      '"/…/Google Chrome.app/chrome" --profile-directory=\'A B\' %s',
      [['/…/Google Chrome.app/chrome', '--profile-directory=A B', url]],
    ],
    ['chrome --app=%s --incognito', [['chrome', `--app=${url}`, '--incognito']]],
    ['chrome "%s" %s', [['chrome', url, url]]],
    ['chrome --x=%%s', [['chrome', '--x=%s', url]]],
    ['chrome --proxy=http%c//p', [['chrome', '--proxy=http://p', url]]],
    ['firefox %u', [['firefox', url]]],
    ['/opt/my\\ browser/run', [['/opt/my browser/run', url]]],
    [`a "b 'c' \\"d\\" \\e" 'f\\g'`, [['a', `b 'c' "d" \\e`, 'f\\g', url]]],
    ["a ''", [['a', url]]],
    [chrome, [[chrome, url]]],
    [`${chrome} --profile-directory='A B' %s`, [[chrome, '--profile-directory=A B', url]]],
    ["/home/o'brien/firefox", [["/home/o'brien/firefox", url]]],
    ["/home/o'brien/firefox --private", [["/home/o'brien/firefox", '--private', url]]],
    ["it's --new", [["it's", '--new', url]]],
    ['firefox &', [['firefox', url]]],
    [
      'a; rm -rf $HOME `x` $(y) | z > w',
      [['a;', 'rm', '-rf', '$HOME', '`x`', '$(y)', '|', 'z', '>', 'w', url]],
    ],
    [
      'firefox:"/opt/a:b/c" -x:/usr/bin/w3m',
      [
        ['firefox', url],
        ['/opt/a:b/c', '-x', url],
        ['/usr/bin/w3m', url],
      ],
    ],
    [
      'a\\:b:c',
      [
        ['a:b', url],
        ['c', url],
      ],
    ],
    ['', []],
    [' : ', []],
    ['::firefox:', [['firefox', url]]],
  ])('%s', (value, wanted) => {
    expect(commands(value)).toEqual(wanted)
  })

  test.each<[string, string[][]]>([
    ['C:\\tools\\firefox.exe -new-tab', [['C:\\tools\\firefox.exe', '-new-tab', url]]],
    ['"C:\\Program Files\\x y\\z.exe" %s -a', [['C:\\Program Files\\x y\\z.exe', url, '-a']]],
    [
      'C:\\Program Files\\Mozilla Firefox\\firefox.exe -p "A B"',
      [['C:\\Program Files\\Mozilla Firefox\\firefox.exe', '-p', 'A B', url]],
    ],
    [
      "C:\\Users\\O'Neil\\ff.exe;edge",
      [
        ["C:\\Users\\O'Neil\\ff.exe", url],
        ['edge', url],
      ],
    ],
  ])('on Windows: %s', (value, wanted) => {
    expect(commands(value, 'win32')).toEqual(wanted)
  })
})
