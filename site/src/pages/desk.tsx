import { FailedPart } from '../fallbacks/FailedPart.tsx'
import { DeskScreen } from '../features/desk/DeskScreen.tsx'
import { part } from '../ui/part.tsx'
import { Seo } from '../ui/Seo.tsx'

export default part<object>(FailedPart)('desk', DeskScreen)

export const Head = () => <Seo title="The desk" path="/desk/" unlisted />
