import { CallbackScreen } from '../components/screens/CallbackScreen.tsx'
import { Seo } from '../components/layout/Seo.tsx'

export default CallbackScreen

export const Head = () => <Seo title="Signing in" path="/callback/" unlisted />
