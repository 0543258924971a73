import { commandLine, loginCommand } from './process-command.ts'

/** Tools that get their credentials by being started under `sesame exec`. */
export type WrappedTool = 'sdk' | 'terraform' | 'ossutil'

export interface WrapperOptions {
  profile: string
  /** The words that start sesame. */
  sesame: readonly string[]
  platform: NodeJS.Platform
}

interface Recipe {
  /** Options of `exec` and the words in front of the user's own. */
  exec: readonly string[]
  command: readonly string[]
  /** What the script says about itself. */
  comments: readonly string[]
  /** What is said to the person. */
  notes(profile: string): string[]
}

const nothingOnDisk = 'On disk: nothing.'

const recipes: Record<WrappedTool, Recipe> = {
  sdk: {
    exec: ['--server'],
    command: [],
    comments: [
      'Runs a program whose Alibaba Cloud SDK takes its credentials from sesame and renews them:',
      '  with-sesame.sh node app.js',
    ],
    notes: (profile) => [
      `Renews: yes, while the program runs and the sign-in is valid; then: ${loginCommand(profile)}`,
      `${nothingOnDisk} The SDK asks a server on loopback that ends with the program.`,
      'A mode External profile in ~/.aliyun/config.json works for SDKs too, but they write the secrets into that file.',
    ],
  },
  terraform: {
    exec: [],
    command: ['terraform'],
    comments: [
      'Runs Terraform with credentials in its environment only: terraform.sh plan',
      'They serve the provider and the state, so neither block names any (access_key, secret_key, profile …):',
      '  terraform { backend "oss" { bucket = "…" region = "…" } }',
      '  provider "alicloud" { region = "…" }',
      'The backend "oss" reads nothing but ALICLOUD_ACCESS_KEY, ALICLOUD_SECRET_KEY and ALICLOUD_SECURITY_TOKEN.',
    ],
    notes: (profile) => [
      'Renews: at each start. Terraform reads credentials once: a run that outlasts them fails.',
      `${nothingOnDisk} Do not use profile = "${profile}" of ~/.aliyun/config.json in mode External: the provider`,
      'writes the secrets into that file.',
    ],
  },
  ossutil: {
    exec: [],
    command: ['ossutil'],
    comments: [
      'Runs ossutil 2 with credentials in its environment only: ossutil.sh ls',
      'It needs a region: OSS_REGION, --region, or region in ~/.ossutilconfig. Keys in that file are not used.',
    ],
    notes: () => [
      'Renews: at each start; credentials are read once.',
      `${nothingOnDisk} ossutil 1 reads no environment: it would need the keys in its file.`,
    ],
  },
}

/** A script that starts the tool with everything it is given behind it. */
export function wrapperScript(tool: WrappedTool, { profile, sesame, platform }: WrapperOptions): string {
  const { exec, command, comments } = recipes[tool]
  const line = commandLine([...sesame, 'exec', '--profile', profile, ...exec, '--', ...command], platform)
  if (platform === 'win32') {
    // cmd reads the file in the code page of the console.
    const remarks = comments.map((each) => each.replaceAll('.sh', '.cmd').replaceAll('…', '...'))
    return `@rem ${remarks.join('\r\n@rem ')}\r\n@${line} %*\r\n`
  }
  return `#!/bin/sh\n# ${comments.join('\n# ')}\nexec ${line} "$@"\n`
}

/** Whether it renews, and what it leaves on disk: lines for the person. */
export function wrapperNotes(tool: WrappedTool, profile: string, platform: NodeJS.Platform): string[] {
  const notes = recipes[tool].notes(profile)
  if (platform !== 'win32') return notes
  const save = `Save it as a .cmd file. In Windows PowerShell: … | Set-Content -Encoding ascii ${tool}.cmd (what > writes there, cmd cannot read).`
  return [...notes, save]
}
