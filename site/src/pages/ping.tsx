import { PingScreen } from '../components/screens/PingScreen.tsx'
import { part } from '../components/basics/part.tsx'
import { Failed } from '../components/screens/Failed.tsx'
import { Seo } from '../components/layout/Seo.tsx'

export default part<object>(Failed)('ping', PingScreen)

export const Head = () => <Seo title="Is it working?" path="/ping/" unlisted />
