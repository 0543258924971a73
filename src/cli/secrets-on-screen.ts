import type { Edges } from '../terminal/index.ts'

const advice =
  'Secrets are on your screen now. Unseen they travel by eval "$(sesame login --env)", or by sesame exec.\n'

/** Says so on stderr when secrets have just been printed to a terminal and not to a program. */
export function warnOfSecretsOnScreen(edges: Pick<Edges, 'isTerminal' | 'stderr'>): void {
  if (edges.isTerminal(1)) edges.stderr(advice)
}
