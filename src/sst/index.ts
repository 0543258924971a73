/** How a token service answers about a token. */
export type Verification = { kind: 'valid'; userId: string } | { kind: 'invalid' }
