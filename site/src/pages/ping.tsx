import { PingScreen } from '../components/screens/PingScreen.tsx'
import { Seo } from '../components/layout/Seo.tsx'

export default PingScreen

export const Head = () => <Seo title="Is it working?" path="/ping/" unlisted />
