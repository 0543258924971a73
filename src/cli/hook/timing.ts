/** Look for newer credentials when less than this is left; half of a life that is shorter than twice as much. */
export const marginSeconds = 300

/** An attempt that changed nothing is not repeated before this; sooner only when expiry comes first. */
export const backOffSeconds = 30
