// The types of highlight.js that lowlight needs. The package's own types would add browser types, so tsconfig.json replaces them
// by this file.
type LanguageFn = (highlighter: unknown) => object
