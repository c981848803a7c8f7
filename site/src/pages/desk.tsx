import { DeskScreen } from '../features/desk/DeskScreen.tsx'
import { part } from '../ui/part.tsx'
import { Failed } from '../fallbacks/Failed.tsx'
import { Seo } from '../ui/Seo.tsx'

export default part<object>(Failed)('desk', DeskScreen)

export const Head = () => <Seo title="The desk" path="/desk/" unlisted />
