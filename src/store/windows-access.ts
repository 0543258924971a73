/** Rights by which content, name, owner or rights of a file or directory are changed, and the generic ones that include them. */
const changing = 0x2 | 0x4 | 0x40 | 0x1_0000 | 0x4_0000 | 0x8_0000 | 0x1000_0000 | 0x4000_0000

/** Rights in SDDL, by their letters; of one that is not here the worst is assumed. */
const rights: Readonly<Record<string, number>> = {
  ...{ GA: 0x1000_0000, GX: 0x2000_0000, GW: 0x4000_0000, GR: 0x8000_0000 },
  ...{ FA: 0x1f_01ff, FR: 0x12_0089, FW: 0x12_0116, FX: 0x12_00a0 },
  ...{ RC: 0x2_0000, SD: 0x1_0000, WD: 0x4_0000, WO: 0x8_0000 },
  ...{ CC: 0x1, DC: 0x2, LC: 0x4, SW: 0x8, RP: 0x10, WP: 0x20, DT: 0x40, LO: 0x80, CR: 0x100 },
}

/** The system, administrators, and who made or owns the object: they can do as they like anyway. */
const trusted = ['SY', 'BA', 'LA', 'DA', 'EA', 'CO', 'OW', 'S-1-5-18', 'S-1-5-32-544', 'S-1-3-0', 'S-1-3-4']
/** What Windows installs its own programs as. */
const trustedInstaller = /^S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464$/

/**
 * Who else than this user, the system and the administrators owns an object or can change it, as security identifiers.
 * @param descriptor owner and discretionary access control list, in the security descriptor definition language (SDDL)
 * @param user the identifier of this user
 */
export function strangersIn(descriptor: string, user: string): string[] {
  const isStranger = (sid: string) => sid !== user && !trusted.includes(sid) && !trustedInstaller.test(sid)
  const [, owner = ''] = /^O:((?:[A-Z]{2}|S-[\d-]+?))(?=G:|D:|$)/.exec(descriptor) ?? []
  const entries = /D:[A-Z_]*((?:\([^()]*(?:\([^()]*\))?[^()]*\))+)/.exec(descriptor)?.[1]
  // Without a list everyone may do everything; an empty one lets no user in.
  if (entries === undefined && !/D:(?:P|AR|AI)*(?:S:|$)/.test(descriptor)) return ['WD']
  const writers = [...(entries ?? '').matchAll(/\(([^()]*)/g)].flatMap(([, entry = '']) => {
    const [type = '', flags = '', mask = '', , , sid = ''] = entry.split(';')
    const applies = /^X?O?A$|^XA$/.test(type) && !/^(?:..)*IO/.test(flags)
    return applies && (maskOf(mask) & changing) !== 0 ? [sid] : []
  })
  return [...new Set([owner, ...writers])].filter(isStranger)
}

function maskOf(text: string): number {
  if (/^(?:0x[0-9a-f]+|\d+)$/i.test(text)) return Number(text)
  const letters = text.match(/../g) ?? []
  return letters.reduce((mask, each) => mask | (rights[each] ?? changing), 0)
}
