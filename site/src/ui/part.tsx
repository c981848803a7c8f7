import { Component, type ComponentType, type ReactNode } from 'react'

interface BoundaryProps {
  readonly fallback: ReactNode
  readonly children: ReactNode
}

/** Shows the fallback in the place of children that threw, until the reader goes to another page. */
class Boundary extends Component<BoundaryProps, { readonly failedAt: string | null }> {
  override state = { failedAt: null }

  static getDerivedStateFromError() {
    return { failedAt: window.location.pathname }
  }

  override componentDidUpdate() {
    const { failedAt } = this.state
    if (failedAt !== null && failedAt !== window.location.pathname) this.setState({ failedAt: null })
  }

  override render() {
    return this.state.failedAt === null ? this.props.children : this.props.fallback
  }
}

/**
 * Returns a function that makes a component a part of its page. If it throws, the other parts stay.
 *
 * The name identifies the part in `test/browser/failing-parts.test.ts`, which makes each part throw.
 *
 * @param Fallback gets the properties of the part that failed
 */
export const part =
  <Props extends object>(Fallback: ComponentType<Props>) =>
  (name: string, Content: ComponentType<Props>): ComponentType<Props> => {
    function Part(props: Props) {
      return (
        <Boundary fallback={<Fallback {...props} />}>
          <Content {...props} />
        </Boundary>
      )
    }
    Part.displayName = name
    return Part
  }

/** The fallback of a part that the page can do without. */
export const EmptyFallback = () => null

/** The fallback of a part around the page: the page is still shown, without the part's data. */
export const ChildrenFallback = ({ children }: { readonly children: ReactNode }): ReactNode => children
