import { beforeAll, describe, expect, test } from 'vitest'
import { completionScripts } from '../../../src/cli/completion/scripts.ts'
import { profileNames } from './sample-commands.ts'
import { areInstalled, buildFakeSesame, typeInto } from './shell-session.ts'

const completion = completionScripts.zsh

beforeAll(buildFakeSesame)

const load = 'autoload -Uz compinit; compinit -u -D; . "$HOME/completion"'
const loadFromFpath =
  'mkdir "$HOME/fpath"; cp "$HOME/completion" "$HOME/fpath/_sesame"; fpath=("$HOME/fpath" $fpath); autoload -Uz compinit; compinit -u -D'

function type(keys: string, change: { broken?: boolean; load?: string } = {}) {
  const setup = `PROMPT='> '; unsetopt beep; ${change.load ?? load}`
  return typeInto('zsh -f -i', `${setup}\n${keys}`, { completion, profiles: profileNames, ...change })
}

describe.skipIf(!areInstalled('zsh', 'script'))('zsh: what a person gets who types', () => {
  const lines: [keys: string, expected: string[]][] = [
    ['sesame logi\t--form\tpo\t\n', ['login', '--format', 'powershell']],
    ['sesame login --format=po\t\n', ['login', '--format=powershell']],
    ['sesame profile l\t--j\t\n', ['profile', 'list', '--json']],
    ['sesame completion z\t\n', ['completion', 'zsh']],
    ['sesame login --format env --f\t\n', ['login', '--format', 'env', '--force']],
    ['sesame login --account_id profile --fo\tc\t\n', ['login', '--account_id', 'profile', '--force']],
    ['sesame login --profile my\t\n', ['login', '--profile', 'my dev']],
    ["sesame login --profile 'my\t\n", ['login', '--profile', 'my dev']],
    ['sesame login --profile "my\t\n', ['login', '--profile', 'my dev']],
    ['sesame login --profile my\\ \t\n', ['login', '--profile', 'my dev']],
    ['sesame login --profile=my\t\n', ['login', '--profile=my dev']],
    ['sesame login --profile prod@c\t\n', ['login', '--profile', 'prod@corp.example']],
    ['sesame login --profile 开\t\n', ['login', '--profile', '开发']],
    ['sesame profile use o\t\n', ['profile', 'use', "o'brien"]],
    ['sesame profile use \\$\t\n', ['profile', 'use', '$(touch PWN)']],
    ['sesame profile use \\;\t\n', ['profile', 'use', ';touch PWN']],
    ['sesame profile use \\`\t\n', ['profile', 'use', '`touch PWN`']],
    ['sesame profile use q\t\n', ['profile', 'use', 'q&touch PWN']],
    ['sesame profile use x\t\n', ['profile', 'use', 'x"y']],
    ['sesame profile use z\t\n', ['profile', 'use', 'z\\w']],
    ['sesame exec -- sesame logo\t\n', ['exec', '--', 'sesame', 'logout']],
  ]

  test('every line ends up as it was meant, and no name is run', () => {
    const session = type(lines.map(([keys]) => keys).join(''))
    expect(session.runs).toEqual(lines.map(([, expected]) => expected))
    expect(session.files).toEqual([])
  })

  test('it works as a file of fpath too', () => {
    const session = type('sesame login --profile my\t\nsesame logo\t\n', { load: loadFromFpath })
    expect(session.runs).toEqual([['login', '--profile', 'my dev'], ['logout']])
  })

  test('summaries stand beside the commands, and are text', () => {
    const session = type('sesame log\t\n')
    expect(session.output).toContain("sign in: it's `$(touch PWN)` \\here")
    expect(session.files).toEqual([])
  })

  test('nothing, quietly, when the names cannot be had', () => {
    const session = type('sesame login --profile \tx\n', { broken: true })
    expect(session.runs).toEqual([['login', '--profile', 'x']])
    expect(session.output).not.toContain('broken')
  })
})
