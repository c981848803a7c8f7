/** An excerpt is cut at a word's end: says that it goes on, unless it ends as a sentence does. */
export const opening = (excerpt: string): string => (/[.!?…][”’"')]*$/.test(excerpt) ? excerpt : `${excerpt} …`)
