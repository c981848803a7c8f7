import { AccountScreen } from '../components/screens/account/AccountScreen.tsx'
import { Seo } from '../components/layout/Seo.tsx'

export default AccountScreen

export const Head = () => <Seo title="Your account" path="/account/" unlisted />
