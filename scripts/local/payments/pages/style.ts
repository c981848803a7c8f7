/** The style sheet of all pages, for light and dark themes, from 320 px, and for print. */
export const style = `
:root { color-scheme: light dark; --ground: #f7f2ea; --card: #fffdf9; --line: #d9cfc0; --ink: #2b2620; --soft: #665c50; --accent: #9a3b1f; --on-accent: #fff; --good: #2f6b3c }
@media (prefers-color-scheme: dark) { :root { --ground: #1d1a17; --card: #27231f; --line: #4a433b; --ink: #f0e9df; --soft: #b8ac9d; --accent: #f0a184; --on-accent: #2b1209; --good: #9ed3a8 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
main { max-width: 34rem; margin: 0 auto; padding: 1.5rem 1rem 3rem }
main.wide { max-width: 64rem }
h1 { margin: 0 0 .75rem; font: 600 1.75rem/1.2 Georgia, "Times New Roman", serif }
h2 { margin: 2rem 0 .5rem; font: 600 1.15rem/1.3 Georgia, "Times New Roman", serif }
p { margin: 0 0 .75rem }
a { color: var(--accent) }
.local { margin: 0; padding: .4rem 1rem; background: var(--card); border-bottom: 1px solid var(--line); color: var(--soft); font-size: .85rem; text-align: center }
.soft { color: var(--soft) }
.big { font: 600 2rem/1.2 Georgia, "Times New Roman", serif }
.problem { color: var(--accent); font-weight: 600 }
.notice { color: var(--good); font-weight: 600 }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem; margin: 0 0 1rem }
.card > :last-child { margin-bottom: 0 }
.card > h2:first-child { margin-top: 0 }
form + form { margin-top: .75rem }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end }
.row > .field { flex: 1 1 7rem }
.field { margin: 0 0 .75rem }
label { display: block; margin-bottom: .25rem; font-weight: 600 }
button, input, select { font: inherit; color: inherit; border: 1px solid var(--line); border-radius: .5rem; min-height: 2.75rem; max-width: 100% }
button { cursor: pointer; padding: .5rem 1rem; background: var(--card) }
button:hover { border-color: var(--accent) }
input, select { width: 100%; background: var(--ground); padding: .5rem .75rem }
.row input { width: auto; flex: 1 1 9rem; min-width: 0 }
.row .field input { width: 100% }
.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600 }
.full { width: 100% }
.small { min-height: 2rem; padding: .15rem .6rem; font-size: .85rem }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
ul { margin: 0 0 .75rem; padding: 0; list-style: none }
ul.cards li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem }
code { font-family: ui-monospace, monospace; font-size: .9em }
details { margin: 0 0 1rem; max-width: 34rem }
summary { cursor: pointer; color: var(--soft) }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0 }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 0 1rem }
dt { color: var(--soft) }
dd { margin: 0; text-align: end }
.scroll { overflow-x: auto }
table { width: 100%; border-collapse: collapse; font-size: .9rem }
th, td { padding: .4rem .6rem .4rem 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top }
th { color: var(--soft); font-weight: 600 }
.amount { text-align: end; white-space: nowrap }
@media print { .local, form, details, .screen { display: none } body { background: #fff; color: #000 } }
`
