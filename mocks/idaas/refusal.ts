/** A call that is answered with `success: false`. `isViolation`: no correct client gets there. */
export class IdaasRefusal extends Error {
  readonly code: number
  readonly isViolation: boolean

  constructor(code: number, message: string, isViolation = false) {
    super(message)
    this.name = 'IdaasRefusal'
    this.code = code
    this.isViolation = isViolation
  }
}

/** Wrong or outdated values that any client may come with. */
export function refuse(message: string, code = 400): never {
  throw new IdaasRefusal(code, message)
}

/** A request that is not formed as documented. */
export function refuseMalformed(message: string, code = 400): never {
  throw new IdaasRefusal(code, message, true)
}
