import { createHash } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { type OutputOptions, type Plugin, type RolldownOptions, rolldown } from 'rolldown'
import config from '../../rolldown.config.ts'
import type { Binding } from './fetch-runtime.ts'
import type { Target } from './targets.ts'

/** What `bun build` gets: files beside each other whose `require` calls name one another. */
export interface Bundle {
  directory: string
  /** Relative to it, the program's entry point first; the keychain binding last. */
  files: string[]
  /** Of which code is in them. */
  moduleIds: string[]
}

/**
 * Writes the bundles of the npm package once more, for an executable: in the language of its runtime, with the optional peers that
 * it uses, and free of the paths of this machine.
 */
export async function writeBundle(
  target: Target,
  binding: Binding | undefined,
  directory: string,
): Promise<Bundle> {
  const moduleIds = new Set<string>()
  for (const options of config as RolldownOptions[]) {
    const build = await rolldown(forExecutable(options, thisBuild(target, binding)))
    const output = { ...(options.output as OutputOptions), dir: directory, banner: '' }
    const written = await build.write({ ...output, ...(isProgram(options) && shallow) })
    for (const chunk of written.output)
      if (chunk.type === 'chunk') for (const id of chunk.moduleIds) moduleIds.add(id)
    await build.close()
  }
  const rest = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.cjs') && file !== 'sesame.cjs')
  const files = ['sesame.cjs', ...rest.sort()]
  if (binding !== undefined) {
    writeFileSync(join(directory, embeddedName), binding.content)
    files.push(embeddedName)
  }
  return { directory, files, moduleIds: [...moduleIds].sort() }
}

/**
 * How deep functions are compiled ahead of time, which makes them start sooner and the executable larger. All of the cached path is;
 * the rest stands two functions deeper, so that only the outer functions of each file are, and what few commands use three.
 */
export const bytecodeDepth = 2
const fewCommandsUse = [
  /[\\/]node_modules[\\/](?:yaml|jose|oauth4webapi|openid-client|open|@redis|cli-table3|@inquirer|ora|uqr|jsonc-parser)[\\/]/,
  /[\\/]src[\\/](?:doctor|integrations|oss|console|language|http[\\/](?:proxy|redaction)|identity[\\/]idaas|session[\\/](?:configure|import)|credentials-server|profiles[\\/](?:import|sync)|cli[\\/](?:hook|completion)|cli[\\/]commands[\\/](?:configure|profile|oss|sst|serve))[\\/]/,
]
const depthOf = (chunk: { moduleIds: string[] }) =>
  fewCommandsUse.some((form) => chunk.moduleIds.some((id) => form.test(id))) ? 3 : 2
const shallow: OutputOptions = {
  intro: (chunk) => '(function(){'.repeat(depthOf(chunk)),
  outro: (chunk) => '})()'.repeat(depthOf(chunk)),
}

const isProgram = ({ input }: RolldownOptions) =>
  typeof input === 'object' && !Array.isArray(input) && 'program' in input

function forExecutable(options: RolldownOptions, thisBuild: Plugin): RolldownOptions {
  const { input, plugins, transform: _, ...rest } = options
  const kept = (Array.isArray(plugins) ? plugins : [plugins]) as Plugin[]
  return {
    ...rest,
    input: isProgram(options) ? { program: 'src/cli/main.ts' } : (input ?? []),
    // SQLite is the runtime's own, and the keychain binding is no package there.
    external: [/^@napi-rs\/keyring/, 'libsql'],
    plugins: [thisBuild, absent, seenModules, ...kept.filter(({ name }) => name !== 'declarations')],
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

/** Not `.node`: Bun would unpack that itself, into a directory for temporary files, and leave it there. */
const embeddedName = 'keyring.bin'

/** Says in `kit/build.ts` which build this is, and in `store/embedded-binding.ts` what it carries. */
function thisBuild(target: Target, binding: Binding | undefined): Plugin {
  const root = target.suffix === '.exe' ? 'B:/~BUN/root/' : '/$bunfs/root/'
  const embedded = binding && {
    path: `${root}${embeddedName}`,
    sha256: createHash('sha256').update(binding.content).digest('hex'),
  }
  const code: Record<string, string> = {
    [join('src', 'kit', 'build.ts')]: `export const standaloneTarget = ${JSON.stringify(target.name)}`,
    [join('src', 'store', 'embedded-binding.ts')]:
      `export const embeddedBinding = ${JSON.stringify(embedded)}`,
  }
  return {
    name: 'this-build',
    load: (id) => Object.entries(code).find(([file]) => id.endsWith(file))?.[1],
  }
}
