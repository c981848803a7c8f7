// Changes Gatsby's webpack settings. A setting that is not found stays as it is.

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

/** Returns Gatsby's settings with this site's changes. */
export function adjustWebpack(config: WebpackConfig): WebpackConfig {
  for (const plugin of config.plugins ?? []) {
    // The order of CSS modules does not matter, because each class is in one module.
    if (plugin.constructor.name === 'MiniCssExtractPlugin') Object.assign(plugin.options ?? {}, { ignoreOrder: true })
  }
  const rules = config.module?.rules?.map((rule) => (transpilesDependencies(rule) ? { ...rule, use: [] } : rule))
  return { ...config, ...(rules && { module: { ...config.module, rules } }) }
}

/** Packages are JavaScript that the supported browsers (`browserslist`) run. Transpiling them takes most of a build. */
const transpilesDependencies = ({ use }: Rule): boolean =>
  (JSON.stringify(use) ?? '').includes('babel-preset-gatsby/dependencies')
