/** How many articles there are, in words. */
export const articleCount = (count: number): string => (count === 1 ? '1 article' : `${count} articles`)
