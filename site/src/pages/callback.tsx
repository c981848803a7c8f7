import { CallbackScreen } from '../features/callback/CallbackScreen.tsx'
import { part } from '../ui/part.tsx'
import { Failed } from '../fallbacks/Failed.tsx'
import { Seo } from '../ui/Seo.tsx'

export default part<object>(Failed)('callback', CallbackScreen)

export const Head = () => <Seo title="Signing in" path="/callback/" unlisted />
