/** What several parts of the program say. */
export const common = {
  ' and ': ' 和 ',
} as const
