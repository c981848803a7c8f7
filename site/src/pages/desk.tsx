import { DeskScreen } from '../components/screens/DeskScreen.tsx'
import { Seo } from '../components/layout/Seo.tsx'

export default DeskScreen

export const Head = () => <Seo title="The desk" path="/desk/" unlisted />
