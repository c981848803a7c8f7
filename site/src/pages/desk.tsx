import { DeskScreen } from '../components/screens/DeskScreen.tsx'
import { part } from '../components/basics/part.tsx'
import { Failed } from '../components/screens/Failed.tsx'
import { Seo } from '../components/layout/Seo.tsx'

export default part<object>(Failed)('desk', DeskScreen)

export const Head = () => <Seo title="The desk" path="/desk/" unlisted />
