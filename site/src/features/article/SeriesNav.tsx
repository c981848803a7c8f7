import { Link } from 'gatsby'
import { addressOfArticle, addressOfList } from '../../addresses/addresses.ts'
import { textAttributes, type Neighbour } from '../../articles/text-attributes.ts'
import * as css from './SeriesNav.module.css'

export interface Neighbours {
  readonly previous: Neighbour | null
  readonly next: Neighbour | null
}

export interface SeriesNavProps {
  readonly series: { readonly slug: string; readonly name: string } | null
  readonly neighbours: Neighbours
}

export function SeriesNav({ series, neighbours: { previous, next } }: SeriesNavProps) {
  if (!series) return null
  return (
    <nav aria-label={`Series: ${series.name}`} className={css.nav}>
      <p className={css.name}>
        In the series{' '}
        <Link to={addressOfList('series', series.slug)} dir="auto">
          {series.name}
        </Link>
      </p>
      {previous ? <Step to={previous} word="Previous" side="start" /> : null}
      {next ? <Step to={next} word="Next" side="end" /> : null}
    </nav>
  )
}

function Step({ to: { slug, title, ...text }, word, side }: { to: Neighbour; word: string; side: 'start' | 'end' }) {
  return (
    <Link to={addressOfArticle(slug)} className={`${css.step} ${css[side]}`}>
      <span className={css.word}>{word}</span>
      <span className={css.title} {...textAttributes(text)}>
        {title}
      </span>
    </Link>
  )
}
