import { AccountScreen } from '../components/screens/account/AccountScreen.tsx'
import { part } from '../components/basics/part.tsx'
import { Failed } from '../components/screens/Failed.tsx'
import { Seo } from '../components/layout/Seo.tsx'

export default part<object>(Failed)('account-page', AccountScreen)

export const Head = () => <Seo title="Your account" path="/account/" unlisted />
