import { ReceiptsScreen } from '../../features/account/payments/ReceiptsScreen.tsx'
import { part } from '../../ui/part.tsx'
import { Failed } from '../../fallbacks/Failed.tsx'
import { Seo } from '../../ui/Seo.tsx'

export default part<object>(Failed)('receipts', ReceiptsScreen)

export const Head = () => <Seo title="Receipts" path="/account/receipts/" unlisted />
