import { describe, expect, test } from '@jest/globals'
import { adjustWebpack, type WebpackConfig } from './webpack.ts'

class MiniCssExtractPlugin {
  readonly options: object = { filename: '[name].css' }
}
class DefinePlugin {
  readonly options = { filename: '[name].js' }
}

const preset = '/node_modules/babel-preset-gatsby/dependencies.js'
const dependencies = { test: /\.m?js$/, use: [{ loader: 'babel-loader', options: { presets: [[preset]] } }] }
const ours = { test: /\.tsx?$/, use: [{ loader: 'babel-loader', options: { presets: ['babel-preset-gatsby'] } }] }
const oneOf = { oneOf: [{ test: /\.css$/ }] }
const byFunction = { test: /\.svg$/, use: () => [] }

const rulesOf = (...rules: NonNullable<NonNullable<WebpackConfig['module']>['rules']>) =>
  adjustWebpack({ module: { rules } }).module?.rules

describe('rules', () => {
  test('that transpile packages have nothing to do', () => {
    expect(rulesOf(dependencies)).toEqual([{ test: dependencies.test, use: [] }])
  })

  test('of other kinds stay as they are', () => {
    const rules = rulesOf(ours, oneOf, byFunction, {})
    expect(rules).toEqual([ours, oneOf, byFunction, {}])
  })

  test('keep their order, and what stands beside them', () => {
    const module = { noParse: /x/, rules: [ours, dependencies, oneOf] }
    const config = { mode: 'production', entry: {}, module }
    expect(adjustWebpack(config)).toEqual({
      ...config,
      module: { noParse: /x/, rules: [ours, { ...dependencies, use: [] }, oneOf] },
    })
  })
})

test('the order of style sheets is not complained of', () => {
  const [extract, define] = [new MiniCssExtractPlugin(), new DefinePlugin()]
  adjustWebpack({ plugins: [extract, define] })
  expect(extract.options).toEqual({ filename: '[name].css', ignoreOrder: true })
  expect(define.options).toEqual({ filename: '[name].js' })
})

test.each<WebpackConfig>([{}, { plugins: [] }, { module: {} }, { module: { rules: [] } }])(
  '%j has nothing to change',
  (config) => {
    expect(adjustWebpack(config)).toEqual(config)
  },
)
