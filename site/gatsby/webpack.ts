// What of Gatsby's webpack settings is changed, and why. Written against what it hands over; where nothing fits, nothing changes.

interface Rule {
  readonly use?: unknown
  readonly [key: string]: unknown
}

interface Plugin {
  readonly constructor: { readonly name: string }
  readonly options?: object
}

export interface WebpackConfig {
  readonly module?: { readonly rules?: readonly Rule[] }
  readonly plugins?: readonly Plugin[]
}

/** Gatsby's settings as this site needs them. */
export function adjustWebpack(config: WebpackConfig): WebpackConfig {
  for (const plugin of config.plugins ?? []) {
    // Each class stands in one CSS module: in which order the modules come makes no difference.
    if (plugin.constructor.name === 'MiniCssExtractPlugin') Object.assign(plugin.options ?? {}, { ignoreOrder: true })
  }
  const rules = config.module?.rules?.map((rule) => (transpilesDependencies(rule) ? { ...rule, use: [] } : rule))
  return { ...config, ...(rules && { module: { ...config.module, rules } }) }
}

/** Packages come as JavaScript that our browsers (package.json, `browserslist`) run: transpiling them again is most of a build. */
const transpilesDependencies = ({ use }: Rule): boolean =>
  (JSON.stringify(use) ?? '').includes('babel-preset-gatsby/dependencies')
