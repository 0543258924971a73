const hosts = new Set([
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
])

/** Is this an address of Microsoft Entra ID, in one of its clouds? */
export function isEntraId({ hostname }: URL): boolean {
  return hosts.has(hostname)
}
