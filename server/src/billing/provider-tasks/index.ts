export { deleteUndoTask, storeTasks, storeUndoTask } from './commands.ts'
export { createProviderTaskHandler, doTask } from './do-task.ts'
export { providerTask, type ProviderTask } from './kind.ts'
