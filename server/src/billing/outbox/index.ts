export { dropUndo, putTasks, putUndo, type ProviderTask } from './commands.ts'
export { doTask } from './do-task.ts'
export { createOutbox, type Outbox } from './outbox.ts'
