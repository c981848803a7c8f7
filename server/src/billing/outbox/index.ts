export { dropUndo, putTasks, putUndo, type ProviderTask } from './commands.ts'
export { createProviderTaskHandler, doTask } from './do-task.ts'
export { providerTask } from './kind.ts'
