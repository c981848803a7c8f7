import { FailedPart } from '../fallbacks/FailedPart.tsx'
import { PingScreen } from '../features/ping/PingScreen.tsx'
import { part } from '../ui/part.tsx'
import { Seo } from '../ui/Seo.tsx'

export default part<object>(FailedPart)('ping', PingScreen)

export const Head = () => <Seo title="Is it working?" path="/ping/" unlisted />
