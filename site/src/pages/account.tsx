import { AccountScreen } from '../features/account/AccountScreen.tsx'
import { part } from '../ui/part.tsx'
import { Failed } from '../fallbacks/Failed.tsx'
import { Seo } from '../ui/Seo.tsx'

export default part<object>(Failed)('account-page', AccountScreen)

export const Head = () => <Seo title="Your account" path="/account/" unlisted />
