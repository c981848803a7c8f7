/** For `npm test -- --slowest`: prints the ten test files that took longest. */
export default class Slowest {
  /**
   * @param {unknown} _contexts
   * @param {import('@jest/test-result').AggregatedResult} results
   */
  onRunComplete(_contexts, { testResults }) {
    const files = testResults
      .map(({ testFilePath, perfStats }) => ({ file: testFilePath, seconds: perfStats.runtime / 1000 }))
      .sort((a, b) => b.seconds - a.seconds)
    const total = files.reduce((sum, { seconds }) => sum + seconds, 0)
    const lines = files
      .slice(0, 10)
      .map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${file.replace(`${process.cwd()}/`, '')}`)
    console.log(
      `\nThe slowest of ${files.length} files, which took ${total.toFixed(0)} s together:\n${lines.join('\n')}`,
    )
  }
}
