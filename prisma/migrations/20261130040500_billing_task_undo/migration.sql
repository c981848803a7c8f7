-- AlterEnum
ALTER TYPE "billing_task_kind" ADD VALUE 'CANCEL_AT_PERIOD_END';
