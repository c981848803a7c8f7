-- CreateEnum
CREATE TYPE "billing_task_kind" AS ENUM ('CANCEL', 'CHANGE_PRICE');

-- AlterTable
ALTER TABLE "billing_event" ADD COLUMN     "body" BYTEA;

-- CreateTable
CREATE TABLE "billing_task" (
    "subscription_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "kind" "billing_task_kind" NOT NULL,
    "price_id" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "billing_task_pkey" PRIMARY KEY ("subscription_id")
);

-- CreateIndex
CREATE INDEX "billing_task_due_at_idx" ON "billing_task"("due_at");

-- CreateIndex
CREATE INDEX "billing_task_customer_id_idx" ON "billing_task"("customer_id");

ALTER TABLE "billing_task" ADD CONSTRAINT "billing_task_names_its_price" CHECK (("kind" = 'CHANGE_PRICE') = ("price_id" IS NOT NULL));
-- An event that is kept as bytes is tied to nobody and waits.
ALTER TABLE "billing_event" ADD CONSTRAINT "billing_event_body_waits" CHECK (
  "body" IS NULL
  OR ("payload" = '{}' AND "customer_id" IS NULL AND "invoice_id" IS NULL AND "payment_intent_id" IS NULL AND "outcome" <> 'APPLIED')
);

-- As before, and the bytes too stay as they came.
CREATE OR REPLACE FUNCTION "keep_event"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
    RAISE EXCEPTION 'append-only: % is a ledger', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW."id", NEW."sequence", NEW."type", NEW."api_version", NEW."occurred_at", NEW."received_at", NEW."customer_id", NEW."invoice_id", NEW."payment_intent_id", NEW."payload", NEW."body")
    IS DISTINCT FROM (OLD."id", OLD."sequence", OLD."type", OLD."api_version", OLD."occurred_at", OLD."received_at", OLD."customer_id", OLD."invoice_id", OLD."payment_intent_id", OLD."payload", OLD."body") THEN
    RAISE EXCEPTION 'append-only: an event stays as it came' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
