import { t } from '../../kit/index.ts'
import { openBrowser, planBrowser, skipReason } from '../../terminal/index.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

const page = 'use-alibaba-cloud-cli-to-access-cloudsso-and-alibaba-cloud-resources'
const pages = {
  cn: `https://help.aliyun.com/zh/cloudsso/user-guide/${page}`,
  en: `https://www.alibabacloud.com/help/en/cloudsso/user-guide/${page}`,
} as const

/** `sesame doc`: CloudSSO's own documentation; opened where there is a browser, printed everywhere. */
export const docCommand: Command = {
  name: 'doc',
  summary: 'open the CloudSSO documentation',
  options: [{ name: 'language', value: 'LANGUAGE', summary: 'en or cn (default cn)', values: ['en', 'cn'] }],
  examples: ['sesame doc', 'sesame doc --language en'],
  async run(input, program) {
    const url = pages[input.text('language') === 'en' ? 'en' : 'cn']
    program.print(`${url}\n`)
    const { edges, session, notify } = program
    const plan = planBrowser(edges)
    if (plan.kind === 'skip') notify(t('The browser was not opened: {reason}.', { reason: skipReason(plan) }))
    else {
      const failure = await openBrowser(url, plan, { log: session.log, clock: edges.clock })
      if (failure !== undefined) notify(t('{failure}. The browser could not be opened.', { failure }))
    }
    return exitCodes.done
  },
}
