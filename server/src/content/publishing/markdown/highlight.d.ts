// What lowlight's types need of highlight.js. Its own types bring those of a browser, in which this server is not: tsconfig.json
// puts this file in their place.
export type LanguageFn = (highlighter: unknown) => object
