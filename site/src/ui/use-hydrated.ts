import { useSyncExternalStore } from 'react'

/** Returns whether React has hydrated the page: false on the server and in the first render, which must equal the server's. */
export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  )

const never = () => () => undefined
