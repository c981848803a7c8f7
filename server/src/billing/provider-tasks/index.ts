export { dropUndo, putTasks, putUndo } from './commands.ts'
export { createProviderTaskHandler, doTask } from './do-task.ts'
export { providerTask, type ProviderTask } from './kind.ts'
