/** How many pieces there are, in words. */
export const piecesOf = (count: number): string => (count === 1 ? '1 piece' : `${count} pieces`)
