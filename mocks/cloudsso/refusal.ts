/** A request that the portal answers with an error body. */
export class Refusal extends Error {
  readonly status: number
  readonly errorCode: string

  constructor(status: number, errorCode: string, message: string) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.errorCode = errorCode
  }
}

export function refuse(status: number, errorCode: string, message: string): never {
  throw new Refusal(status, errorCode, message)
}
