import { useSyncExternalStore } from 'react'

/** Whether the browser has taken over: false on the server and in the first render, which has to be like the server's. */
export const useBegun = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  )

const never = () => () => undefined
