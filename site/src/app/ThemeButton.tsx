import { usePreferences, type Theme } from '../ui/preferences.ts'
import * as css from './ThemeButton.module.css'

const next: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' }
const names: Readonly<Record<Theme, string>> = { system: 'system', light: 'light', dark: 'dark' }

export function ThemeButton() {
  const [{ theme }, change] = usePreferences()
  return (
    <button
      type="button"
      className={`needs-script ${css.button}`}
      onClick={() => change({ theme: next[theme] })}
      title={`Theme: ${names[theme]}`}
    >
      <span className="for-ears">Theme: {names[theme]}</span>
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
        {theme === 'dark' ? <Moon /> : theme === 'light' ? <Sun /> : <Half />}
      </svg>
    </button>
  )
}

const Half = () => (
  <>
    <circle cx="12" cy="12" r="8" fill="none" stroke="currentColor" strokeWidth="2" />
    <path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor" />
  </>
)
const Sun = () => (
  <>
    <circle cx="12" cy="12" r="4" fill="currentColor" />
    <path
      d="M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
    />
  </>
)
const Moon = () => <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z" fill="currentColor" />
