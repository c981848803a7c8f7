import type { HeadProps, PageProps } from 'gatsby'
import type { PlansContext } from '../../gatsby/pages.ts'
import { PlansScreen } from '../features/plans/PlansScreen.tsx'
import { Seo } from '../ui/Seo.tsx'

export default function PlansPage({ pageContext: { plans } }: PageProps<object, PlansContext>) {
  return <PlansScreen plans={plans} />
}

export function Head({ location }: HeadProps<object, PlansContext>) {
  return <Seo title="Plans" description="Plans and prices." path={location.pathname} />
}
