/** The version of the package, and the day of its release; tests hold them against package.json and CHANGELOG.md. */
export const version = '0.2.0'
export const releasedOn = '2026-11-26'
