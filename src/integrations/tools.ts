import { configureAliyun } from './aliyun/configure.ts'
import { configureBoto3 } from './boto3/configure.ts'
import type { Integration } from './integration.ts'
import { configureKubectl } from './kubectl/configure.ts'
import { ossutil } from './ossutil.ts'
import { go, java, python, sdk, terraform } from './recipes.ts'
import { serverlessDevs } from './serverless-devs.ts'
import { wrapped } from './wrapper-script.ts'

/** Every tool of `configure --for`, in the order of the help page. */
export const integrations = {
  aliyun: { options: ['overwrite', 'region'], configure: configureAliyun },
  sdk: wrapped(sdk),
  python: wrapped(python),
  java: wrapped(java),
  go: wrapped(go),
  terraform: wrapped(terraform),
  ossutil,
  boto3: { options: ['overwrite'], configure: configureBoto3 },
  'serverless-devs': serverlessDevs,
  kubectl: { options: ['overwrite'], takes: 'token', configure: configureKubectl },
} satisfies Record<string, Integration>

export type Tool = keyof typeof integrations

/** The values of `--for`. */
export const tools: readonly Tool[] = Object.keys(integrations) as Tool[]
