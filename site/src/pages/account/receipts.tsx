import { ReceiptsScreen } from '../../components/screens/account/ReceiptsScreen.tsx'
import { Seo } from '../../components/layout/Seo.tsx'

export default ReceiptsScreen

export const Head = () => <Seo title="Receipts" path="/account/receipts/" unlisted />
