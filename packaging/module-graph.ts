import { type RolldownOptions, rolldown } from 'rolldown'
import config from '../rolldown.config.ts'

/** The modules of which `npm run build` puts code into `dist/`, found by building in memory. */
export async function bundledModules(): Promise<string[]> {
  const modules: string[] = []
  for (const options of config as RolldownOptions[]) {
    if (options.output === undefined || Array.isArray(options.output)) throw new Error('one output per build')
    const build = await rolldown(options)
    const { output } = await build.generate(options.output)
    for (const chunk of output) if (chunk.type === 'chunk') modules.push(...chunk.moduleIds)
    await build.close()
  }
  return modules
}
