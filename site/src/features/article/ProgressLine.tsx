import { useEffect, useRef, type RefObject } from 'react'
import * as css from './ProgressLine.module.css'

export interface ProgressLineProps {
  readonly of: RefObject<HTMLElement | null>
}

/** Shows how much of the text has been scrolled. Hidden from screen readers, which know their position. */
export function ProgressLine({ of }: ProgressLineProps) {
  const line = useRef<HTMLDivElement>(null)
  useEffect(() => {
    let frame = 0
    const draw = () => {
      frame = 0
      const text = of.current
      if (!text || !line.current) return
      const { top, height } = text.getBoundingClientRect()
      const way = Math.max(1, height - window.innerHeight)
      line.current.style.transform = `scaleX(${Math.min(1, Math.max(0, -top / way))})`
    }
    const ask = () => {
      frame ||= requestAnimationFrame(draw)
    }
    draw()
    window.addEventListener('scroll', ask, { passive: true })
    window.addEventListener('resize', ask)
    // The text grows when its rest opens.
    const grows = new ResizeObserver(ask)
    if (of.current) grows.observe(of.current)
    return () => {
      cancelAnimationFrame(frame)
      grows.disconnect()
      window.removeEventListener('scroll', ask)
      window.removeEventListener('resize', ask)
    }
  }, [of])
  return <div ref={line} className={css.line} aria-hidden="true" />
}
