import { defineConfig } from 'prisma/config'

// The Prisma command line reads this. The server connects by itself (server/src/db).
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
})
