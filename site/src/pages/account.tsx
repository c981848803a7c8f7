import { FailedPart } from '../fallbacks/FailedPart.tsx'
import { AccountScreen } from '../features/account/AccountScreen.tsx'
import { part } from '../ui/part.tsx'
import { Seo } from '../ui/Seo.tsx'

export default part<object>(FailedPart)('account-page', AccountScreen)

export const Head = () => <Seo title="Your account" path="/account/" unlisted />
