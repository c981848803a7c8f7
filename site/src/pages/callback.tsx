import { FailedPart } from '../fallbacks/FailedPart.tsx'
import { CallbackScreen } from '../features/callback/CallbackScreen.tsx'
import { part } from '../ui/part.tsx'
import { Seo } from '../ui/Seo.tsx'

export default part<object>(FailedPart)('callback', CallbackScreen)

export const Head = () => <Seo title="Signing in" path="/callback/" unlisted />
