/**
 * The platform that a standalone executable is made for, `linux-x64`; undefined in the npm package. The build of the executable puts
 * another file in the place of this one.
 */
export const standaloneTarget: string | undefined = undefined
