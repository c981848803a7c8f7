import { useRef, useState } from 'react'
import { Button } from '../../ui/controls/Button.tsx'
import * as css from './CopyCode.module.css'

/** A code with a button that copies it. If the browser refuses, the code is selected, so that the reader can copy it. */
export function CopyCode({ code, label }: { code: string; label: string }) {
  const text = useRef<HTMLElement>(null)
  const [message, setMessage] = useState('')

  async function copy() {
    setMessage('')
    try {
      await navigator.clipboard.writeText(code)
      setMessage('Copied')
    } catch {
      if (text.current) window.getSelection()?.selectAllChildren(text.current)
      setMessage('The code is selected. Copy it with your keyboard or menu.')
    }
  }

  return (
    <div className={css.around}>
      <code ref={text} className={css.code}>
        {code}
      </code>
      <Button onPress={copy}>
        Copy<span className="for-ears"> {label}</span>
      </Button>
      <span role="status" className={css.said}>
        {message}
      </span>
    </div>
  )
}
