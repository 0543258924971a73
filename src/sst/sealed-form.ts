/** Sealed bytes are a nonce, the ciphertext, and the tag that vouches for both. */
export const nonceLength = 12
export const tagLength = 16

export const cipherName = 'aes-256-gcm'

/** Without it Node takes tags of 4 bytes too, which can be guessed. */
export const cipherOptions: { authTagLength: number } = { authTagLength: tagLength }
