export { dropUndo, putTasks, putUndo, type ProviderTask } from './commands.ts'
export { doTask, providerTasks } from './do-task.ts'
export { providerTask } from './kind.ts'
