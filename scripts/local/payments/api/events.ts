import { z } from 'zod'
import { pageOf } from './lists.ts'
import { instant, paging, text } from './parameters.ts'
import { route, type Route } from './route.ts'

export const eventRoutes: readonly Route[] = [
  route(
    'GET',
    'events',
    { ...paging, type: text.optional(), created: z.strictObject({ gte: instant }).optional() },
    ({ provider, params }) =>
      pageOf(
        provider,
        'event',
        params,
        'events',
        (one) => (!params.type || one.type === params.type) && (!params.created || one.created >= params.created.gte),
      ),
  ),
]
