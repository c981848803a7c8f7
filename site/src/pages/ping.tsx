import { PingScreen } from '../features/ping/PingScreen.tsx'
import { part } from '../ui/part.tsx'
import { Failed } from '../fallbacks/Failed.tsx'
import { Seo } from '../ui/Seo.tsx'

export default part<object>(Failed)('ping', PingScreen)

export const Head = () => <Seo title="Is it working?" path="/ping/" unlisted />
