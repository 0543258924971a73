/** The part of JSON Schema that our schemas use. */
interface Schema {
  type?: string
  const?: unknown
  enum?: unknown[]
  pattern?: string
  required?: string[]
  properties?: Record<string, Schema>
  additionalProperties?: boolean
  items?: Schema
  maxItems?: number
}

/** What of a value is not as the schema says, by its path; empty when all is. */
export function checkSchema(schema: Schema, value: unknown, path = '$'): string[] {
  const isType =
    schema.type === undefined ||
    schema.type === typeOf(value) ||
    (schema.type === 'number' && typeOf(value) === 'integer')
  if (!isType) return [`${path} is ${typeOf(value)}, not ${schema.type}`]
  const wrong: string[] = []
  if ('const' in schema && value !== schema.const) wrong.push(`${path} is not ${schema.const}`)
  if (schema.enum !== undefined && !schema.enum.includes(value))
    wrong.push(`${path} is none of ${schema.enum}`)
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(String(value)))
    wrong.push(`${path} is not ${schema.pattern}`)
  if (Array.isArray(value)) {
    if (value.length > (schema.maxItems ?? value.length)) wrong.push(`${path} is too long`)
    return [...wrong, ...value.flatMap((each, i) => checkSchema(schema.items ?? {}, each, `${path}[${i}]`))]
  }
  if (typeof value !== 'object' || value === null) return wrong
  const members = Object.entries(value)
  for (const name of schema.required ?? [])
    if (!Object.hasOwn(value, name)) wrong.push(`${path}.${name} is missing`)
  for (const [name, each] of members) {
    const member = schema.properties?.[name]
    if (member !== undefined) wrong.push(...checkSchema(member, each, `${path}.${name}`))
    else if (schema.additionalProperties === false) wrong.push(`${path}.${name} is not known`)
  }
  return wrong
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isSafeInteger(value) ? 'integer' : typeof value
}
