import { type Members, membersOf } from './setting.ts'
import { settings } from './settings.ts'

/** Worked out when the bundles are built: the cached path carries this result, not the table with all its words. */
export const members: Members = membersOf(settings)
