import type { CredentialStore } from '../store/index.ts'
import type { ItemNames } from './kinds/item-names.ts'

/**
 * Moves what lies under the names of a former version to today's, so that no new sign-in is needed after an upgrade. What is
 * there under today's name is newer and stays. Needs no lock: of two processes both write the same.
 */
export async function adoptFormerItems(items: ItemNames, store: CredentialStore): Promise<void> {
  for (const kind of ['credentials', 'tokens'] as const) {
    const name = items[kind]
    const former = items.former?.[kind]
    if (name === undefined || former === undefined || name === former) continue
    const value = await store.read(former)
    if (value === undefined) continue
    if ((await store.read(name)) === undefined) await store.write(name, value)
    await store.remove(former)
  }
}
