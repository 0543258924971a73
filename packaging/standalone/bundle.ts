import { readdirSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, dirname, join } from 'node:path'
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
  for (const options of (config as RolldownOptions[]).filter((each) => !isStore(each))) {
    const build = await rolldown(forExecutable(options, target))
    const output = { ...(options.output as OutputOptions), dir: directory, banner: '' }
    const written = await build.write({ ...output, ...(isProgram(options) && chunks) })
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
 * How deep functions are compiled ahead of time, which makes them start sooner and the executable larger. A chunk that stands in functions
 * is compiled that much less deep: its own code is, without the functions in it, or nothing of it.
 */
export const bytecodeDepth = 2
const ownCode = 1
const nothing = 3

/** What each sign-in loads beside what every command does. */
const oftenUsed = [/[\\/]node_modules[\\/]undici[\\/]/, /[\\/]src[\\/]http[\\/]/]
const everyCommand = 'every-command'
const depthOf = ({ name, moduleIds }: { name: string; moduleIds: string[] }) => {
  const isOften = name === everyCommand || oftenUsed.some((form) => moduleIds.some((id) => form.test(id)))
  return isOften ? ownCode : nothing
}

/** One chunk of what every command loads: each file more takes 0.1 ms to find. */
const chunks: OutputOptions = {
  codeSplitting: { groups: [{ name: everyCommand, tags: ['$initial'] }] },
  intro: (chunk) => '(function(){'.repeat(depthOf(chunk)),
  outro: (chunk) => '})()'.repeat(depthOf(chunk)),
}

/** Stores that the cached path reads. */
const stores = ['keychain', 'encrypted-file']
const isStore = ({ input }: RolldownOptions) => stores.some((name) => Object.hasOwn(Object(input), name))

/** They are in the file of the cached path: one of their own takes 0.3 ms to find, and once more what is in both. */
const storesInside: Plugin = {
  name: 'stores-inside',
  resolveId: (specifier, importer, { kind }) =>
    kind === 'dynamic-import' && importer !== undefined && stores.includes(basename(specifier, '.ts'))
      ? join(dirname(importer), specifier)
      : null,
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
    plugins: [
      thisBuild(target),
      storesInside,
      absent,
      seenModules,
      ...kept.filter(({ name }) => name !== 'declarations'),
    ],
    // A file of the executable has no path.
    transform: { define: { 'import.meta.url': '"file:///sesame"', 'import.meta.dirname': '"/"' } },
  }
}

/** What undici asks for in case of HTTP/2 and of bodies that are streams or forms, neither of which sesame has: 0.8 MB. */
const unused = /^node:http2$|[\\/]web[\\/]fetch[\\/]body\.js$/

/**
 * Packages that others ask for in case they are installed are absent, here where the bundle is made too: an executable looks for
 * nothing outside of itself.
 */
const absent: Plugin = {
  name: 'absent',
  async resolveId(specifier, importer, { kind }) {
    if (importer === undefined || kind === 'import-statement') return null
    if (unused.test(specifier)) return '\0absent'
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
