/** Resolves after a number of milliseconds of real time. Also for browsers, which have no `node:timers/promises`. */
export const delay = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
