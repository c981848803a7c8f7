/** What looks like a guard and is none: nothing that can be asked or stored tells the difference. */
export const equivalents: readonly { readonly file: string; readonly what: string; readonly why: string }[] = []
