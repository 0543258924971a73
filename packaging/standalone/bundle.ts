import { readdirSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { type OutputOptions, type Plugin, type RolldownOptions, rolldown } from 'rolldown'
import config from '../../rolldown.config.ts'

/** What `bun build` gets: files beside each other whose `require` calls name one another. */
export interface Bundle {
  directory: string
  /** Relative to it, the program's entry point first. */
  files: string[]
  /** Of which code is in them. */
  moduleIds: string[]
}

/**
 * Writes the bundles of the npm package once more, for an executable: in the language of its runtime, with the optional peers that
 * it uses, and free of the paths of this machine.
 */
export async function writeBundle(target: string, directory: string): Promise<Bundle> {
  const moduleIds = new Set<string>()
  for (const options of config as RolldownOptions[]) {
    const build = await rolldown(forExecutable(options, target))
    const output = { ...(options.output as OutputOptions), dir: directory, banner: '' }
    const written = await build.write({ ...output, ...(isProgram(options) && shallow) })
    for (const chunk of written.output)
      if (chunk.type === 'chunk') for (const id of chunk.moduleIds) moduleIds.add(id)
    await build.close()
  }
  const rest = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.cjs') && file !== 'sesame.cjs')
  return { directory, files: ['sesame.cjs', ...rest.sort()], moduleIds: [...moduleIds].sort() }
}

/**
 * How deep functions are compiled ahead of time, which makes them start sooner and the executable larger. All of the cached path is;
 * the rest stands two functions deeper, so that only the outer functions of each file are, and what few commands use three.
 */
export const bytecodeDepth = 2
const fewCommandsUse = [
  /[\\/]node_modules[\\/](?:yaml|@redis|cli-table3|@inquirer|ora|uqr|jsonc-parser)[\\/]/,
  /[\\/]src[\\/](?:doctor|integrations|oss|profiles[\\/]import|cli[\\/]commands[\\/](?:configure|profile|oss))[\\/]/,
]
const depthOf = (chunk: { moduleIds: string[]; name: string }) =>
  ['main', 'program'].includes(chunk.name)
    ? 0
    : chunk.name === 'transport'
      ? 1
      : fewCommandsUse.some((form) => chunk.moduleIds.some((id) => form.test(id)))
        ? 3
        : 2
const shallow: OutputOptions = {
  codeSplitting: { groups: [{ name: 'main', tags: ['$initial'] }] },
  intro: (chunk) => '(function(){'.repeat(depthOf(chunk)),
  outro: (chunk) => '})()'.repeat(depthOf(chunk)),
}

const isProgram = ({ input }: RolldownOptions) =>
  typeof input === 'object' && !Array.isArray(input) && 'program' in input

function forExecutable(options: RolldownOptions, target: string): RolldownOptions {
  const { input, plugins, transform: _, ...rest } = options
  const kept = (Array.isArray(plugins) ? plugins : [plugins]) as Plugin[]
  return {
    ...rest,
    input: isProgram(options) ? { program: 'src/cli/main.ts' } : (input ?? []),
    // SQLite is the runtime's own, and the keychain binding is no package there.
    external: [/^@napi-rs\/keyring/, 'libsql'],
    plugins: [thisBuild(target), absent, seenModules, ...kept.filter(({ name }) => name !== 'declarations')],
    // A file of the executable has no path.
    transform: { define: { 'import.meta.url': '"file:///sesame"', 'import.meta.dirname': '"/"' } },
  }
}

/**
 * Packages that others ask for in case they are installed are absent, here where the bundle is made too: an executable looks for
 * nothing outside of itself.
 */
const absent: Plugin = {
  name: 'absent',
  async resolveId(specifier, importer, { kind }) {
    if (importer === undefined || kind === 'import-statement') return null
    // undici asks for it in case of HTTP/2, which is never used: 0.6 MB.
    if (specifier === 'node:http2') return '\0absent'
    if (isBuiltin(specifier)) return null
    const found = await this.resolve(specifier, importer, { skipSelf: true })
    return found === null ? '\0absent' : null
  },
  load: (id) => (id === '\0absent' ? "throw new Error('This package is not in the executable.')" : null),
}

/** The runtime's own modules are compiled ahead of time where `bun build` sees that they are used: twice as quick to load. */
const seenModules: Plugin = {
  name: 'seen-modules',
  transform: (code) => code.replace(/\bprocess\.getBuiltinModule\(('node:\w+')\)/g, 'require($1)'),
}

/** Says in `kit/build.ts` which build this is. */
function thisBuild(target: string): Plugin {
  const file = join('src', 'kit', 'build.ts')
  return {
    name: 'this-build',
    load: (id) => (id.endsWith(file) ? `export const standaloneTarget = ${JSON.stringify(target)}` : null),
  }
}
