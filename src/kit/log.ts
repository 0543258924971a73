/** Namespaces of the debug log, as `DEBUG=sesame:*` selects them. */
export type LogNamespace = 'sesame:http' | 'sesame:device' | 'sesame:store' | 'sesame:sts' | 'sesame:lock'

/** Writes one line to the debug log. Lines are redacted at the sink; still, pass no secret on purpose. */
export type Log = (namespace: LogNamespace, line: string) => void

/** The log of a run without `DEBUG`. */
export const silentLog: Log = () => {}

/** Takes one line for the user, who sees it on standard error. */
export type Warn = (line: string) => void
