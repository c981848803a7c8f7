import { CallbackScreen } from '../components/screens/CallbackScreen.tsx'
import { part } from '../components/basics/part.tsx'
import { Failed } from '../components/screens/Failed.tsx'
import { Seo } from '../components/layout/Seo.tsx'

export default part<object>(Failed)('callback', CallbackScreen)

export const Head = () => <Seo title="Signing in" path="/callback/" unlisted />
