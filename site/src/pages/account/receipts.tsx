import { FailedPart } from '../../fallbacks/FailedPart.tsx'
import { ReceiptsScreen } from '../../features/account/payments/ReceiptsScreen.tsx'
import { part } from '../../ui/part.tsx'
import { Seo } from '../../ui/Seo.tsx'

export default part<object>(FailedPart)('receipts', ReceiptsScreen)

export const Head = () => <Seo title="Receipts" path="/account/receipts/" unlisted />
