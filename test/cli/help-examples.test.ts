import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/cli/command.ts'
import { loadAllCommands } from '../../src/cli/commands.ts'
import { environmentVariables } from '../../src/cli/environment-variables.ts'
import { formatHelp, formatOverview } from '../../src/cli/help.ts'
import { parseInput } from '../../src/cli/parse-input.ts'
import { firstCells, sectionsOf, sesameCommands } from '../support/markdown.ts'

const all = await loadAllCommands()

/** A command as it is called, `token get`, with its declaration. */
const commands = all.flatMap((command) =>
  [command, ...(command.subcommands ?? [])].map((each) => ({
    path: each === command ? command.name : `${command.name} ${each.name}`,
    command: each,
  })),
)

/** The words of the command lines in an example, as the program gets them. */
const commandLines = (example: string) => sesameCommands(`\`\`\`sh\n${example}\n\`\`\`\n`)

/** The command that these words call, and what is left for it to read. */
function called([name = '', ...words]: readonly string[]): {
  path: string
  command: Command
  rest: readonly string[]
} {
  const command = all.find((each) => each.name === name)
  if (command === undefined) throw new Error(`There is no command ${name}.`)
  const argv = command.translate?.(words) ?? words
  const sub = command.subcommands?.find((each) => each.name === argv[0])
  if (sub === undefined) return { path: name, command, rest: argv }
  return { path: `${name} ${sub.name}`, command: sub, rest: argv.slice(1) }
}

describe.each(commands)('the help of sesame $path', ({ path, command }) => {
  const help = formatHelp(command, path)

  test('has an example of this command', () => {
    const { examples = [] } = command
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) expect(help).toContain(example.split('\n')[0])
    const paths = examples.flatMap(commandLines).map((words) => called(words).path)
    const own = paths.filter((each) => each === path || each.startsWith(`${path} `))
    expect(own.length, String(paths)).toBeGreaterThan(0)
  })

  test('its examples are command lines that its declaration reads', () => {
    for (const example of command.examples ?? []) {
      const lines = commandLines(example)
      expect(lines.length, example).toBeGreaterThan(0)
      for (const words of lines) {
        const { path: at, command: target, rest } = called(words)
        expect(() => parseInput(target, at, rest), example).not.toThrow()
        // A word behind a command that has only subcommands is one with a slip in it.
        if (target.subcommands !== undefined && (target.maxPositionals ?? 0) === 0)
          expect(
            rest.filter((word) => !word.startsWith('-')),
            example,
          ).toEqual([])
      }
    }
  })

  test('stays within the width of a terminal, examples aside', () => {
    const [page = ''] = help.split('\nExamples:')
    for (const line of page.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
  })
})

test('the overview names variables of the environment that the reference has, too', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'commands.md'), 'utf8')
  const table = sectionsOf(page).find(({ heading }) => heading === 'Environment variables')?.text ?? ''
  const described = [...table.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  )
  expect(described.length).toBeGreaterThan(firstCells(table).length)
  expect(environmentVariables.flatMap(({ names }) => names).toSorted()).toEqual(described.toSorted())
  const overview = formatOverview(all)
  expect(overview).toMatch(/Environment: SESAME_PROFILE, [\s\S]*DEBUG=sesame:\*\n$/)
})
