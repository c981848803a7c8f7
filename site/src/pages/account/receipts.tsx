import { ReceiptsScreen } from '../../components/screens/account/ReceiptsScreen.tsx'
import { part } from '../../components/basics/part.tsx'
import { Failed } from '../../components/screens/Failed.tsx'
import { Seo } from '../../components/layout/Seo.tsx'

export default part<object>(Failed)('receipts', ReceiptsScreen)

export const Head = () => <Seo title="Receipts" path="/account/receipts/" unlisted />
