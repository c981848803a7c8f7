-- CreateEnum
CREATE TYPE "promotion_duration" AS ENUM ('ONCE', 'REPEATING', 'FOREVER');

-- CreateEnum
CREATE TYPE "billing_outcome" AS ENUM ('APPLIED', 'IGNORED', 'PENDING');

-- AlterTable
ALTER TABLE "plan" ADD COLUMN     "benefits" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "trial_days" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "billing_product" (
    "product_id" TEXT NOT NULL,
    "plan_id" UUID NOT NULL,

    CONSTRAINT "billing_product_pkey" PRIMARY KEY ("product_id")
);

-- CreateTable
CREATE TABLE "billing_price" (
    "price_id" TEXT NOT NULL,
    "plan_id" UUID NOT NULL,
    "interval" "price_interval" NOT NULL,
    "amount_minor" INTEGER NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "billing_price_pkey" PRIMARY KEY ("price_id")
);

-- CreateTable
CREATE TABLE "promotion" (
    "code" TEXT NOT NULL,
    "percent_off" INTEGER,
    "amount_off_minor" INTEGER,
    "currency" CHAR(3),
    "duration" "promotion_duration" NOT NULL,
    "months" INTEGER,
    "expires_at" TIMESTAMPTZ(3),
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "coupon_id" TEXT,
    "promotion_code_id" TEXT,

    CONSTRAINT "promotion_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "billing_customer" (
    "customer_id" TEXT NOT NULL,
    "member_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "billing_customer_pkey" PRIMARY KEY ("customer_id")
);

-- CreateTable
CREATE TABLE "billing_event" (
    "id" TEXT NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "type" TEXT NOT NULL,
    "api_version" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "customer_id" TEXT,
    "invoice_id" TEXT,
    "payment_intent_id" TEXT,
    "payload" JSONB NOT NULL,
    "outcome" "billing_outcome" NOT NULL,
    "note" TEXT,

    CONSTRAINT "billing_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "billing_subscription" (
    "subscription_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "membership_id" UUID NOT NULL,
    "provider_status" TEXT NOT NULL,
    "price_id" TEXT NOT NULL,
    "schedule_id" TEXT,
    "next_plan_id" UUID,
    "next_interval" "price_interval",
    "next_change_at" TIMESTAMPTZ(3),

    CONSTRAINT "billing_subscription_pkey" PRIMARY KEY ("subscription_id")
);

-- CreateTable
CREATE TABLE "checkout" (
    "member_id" UUID NOT NULL,
    "attempt" UUID NOT NULL,
    "plan_id" UUID NOT NULL,
    "interval" "price_interval" NOT NULL,
    "return_to" TEXT NOT NULL,
    "session_id" TEXT,
    "url" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "checkout_pkey" PRIMARY KEY ("member_id")
);

-- CreateTable
CREATE TABLE "gift" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "plan_id" UUID NOT NULL,
    "interval" "price_interval" NOT NULL,
    "amount_minor" INTEGER NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "buyer_id" UUID NOT NULL,
    "session_id" TEXT NOT NULL,
    "bought_at" TIMESTAMPTZ(3) NOT NULL,
    "voided_at" TIMESTAMPTZ(3),
    "redeemed_at" TIMESTAMPTZ(3),
    "redeemed_by_id" UUID,
    "membership_id" UUID,

    CONSTRAINT "gift_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "billing_product_plan_id_key" ON "billing_product"("plan_id");

-- CreateIndex
CREATE INDEX "billing_price_plan_id_interval_idx" ON "billing_price"("plan_id", "interval");

-- CreateIndex
CREATE UNIQUE INDEX "promotion_coupon_id_key" ON "promotion"("coupon_id");

-- CreateIndex
CREATE UNIQUE INDEX "promotion_promotion_code_id_key" ON "promotion"("promotion_code_id");

-- CreateIndex
CREATE UNIQUE INDEX "billing_customer_member_id_key" ON "billing_customer"("member_id");

-- CreateIndex
CREATE UNIQUE INDEX "billing_event_sequence_key" ON "billing_event"("sequence");

-- CreateIndex
CREATE INDEX "billing_event_customer_id_occurred_at_idx" ON "billing_event"("customer_id", "occurred_at");

-- CreateIndex
CREATE INDEX "billing_event_invoice_id_idx" ON "billing_event"("invoice_id");

-- CreateIndex
CREATE INDEX "billing_event_payment_intent_id_idx" ON "billing_event"("payment_intent_id");

-- CreateIndex
CREATE INDEX "billing_event_outcome_idx" ON "billing_event"("outcome");

-- CreateIndex
CREATE INDEX "billing_event_received_at_idx" ON "billing_event"("received_at");

-- CreateIndex
CREATE UNIQUE INDEX "billing_subscription_membership_id_key" ON "billing_subscription"("membership_id");

-- CreateIndex
CREATE INDEX "billing_subscription_customer_id_idx" ON "billing_subscription"("customer_id");

-- CreateIndex
CREATE INDEX "billing_subscription_next_plan_id_idx" ON "billing_subscription"("next_plan_id");

-- CreateIndex
CREATE UNIQUE INDEX "checkout_session_id_key" ON "checkout"("session_id");

-- CreateIndex
CREATE INDEX "checkout_plan_id_idx" ON "checkout"("plan_id");

-- CreateIndex
CREATE UNIQUE INDEX "gift_code_key" ON "gift"("code");

-- CreateIndex
CREATE UNIQUE INDEX "gift_session_id_key" ON "gift"("session_id");

-- CreateIndex
CREATE UNIQUE INDEX "gift_membership_id_key" ON "gift"("membership_id");

-- CreateIndex
CREATE INDEX "gift_buyer_id_bought_at_idx" ON "gift"("buyer_id", "bought_at" DESC);

-- CreateIndex
CREATE INDEX "gift_plan_id_idx" ON "gift"("plan_id");

-- CreateIndex
CREATE INDEX "gift_redeemed_by_id_idx" ON "gift"("redeemed_by_id");

-- AddForeignKey
ALTER TABLE "billing_product" ADD CONSTRAINT "billing_product_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "billing_price" ADD CONSTRAINT "billing_price_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "billing_customer" ADD CONSTRAINT "billing_customer_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "billing_subscription" ADD CONSTRAINT "billing_subscription_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "billing_customer"("customer_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "billing_subscription" ADD CONSTRAINT "billing_subscription_membership_id_fkey" FOREIGN KEY ("membership_id") REFERENCES "membership"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "billing_subscription" ADD CONSTRAINT "billing_subscription_next_plan_id_fkey" FOREIGN KEY ("next_plan_id") REFERENCES "plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkout" ADD CONSTRAINT "checkout_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkout" ADD CONSTRAINT "checkout_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "gift" ADD CONSTRAINT "gift_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "gift" ADD CONSTRAINT "gift_buyer_id_fkey" FOREIGN KEY ("buyer_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "gift" ADD CONSTRAINT "gift_redeemed_by_id_fkey" FOREIGN KEY ("redeemed_by_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "gift" ADD CONSTRAINT "gift_membership_id_fkey" FOREIGN KEY ("membership_id") REFERENCES "membership"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── Written by hand from here on ────────────────────────────────────────────────────────────────────────────────────

-- A payment for the next period that we have not heard of yet is in its grace as well as one that failed.
ALTER TABLE "membership" DROP CONSTRAINT "membership_grace_is_for_past_due";
ALTER TABLE "membership" ADD CONSTRAINT "membership_grace_is_for_payments" CHECK (
  "grace_ends_at" IS NULL OR "status" = 'PAST_DUE'
  OR ("source" = 'PAYMENT' AND "status" IN ('ACTIVE', 'TRIALING') AND NOT "cancel_at_period_end" AND "grace_ends_at" >= "current_period_end")
);

ALTER TABLE "plan" ADD CONSTRAINT "plan_trial_has_length" CHECK ("trial_days" BETWEEN 0 AND 730);

ALTER TABLE "billing_price" ADD CONSTRAINT "billing_price_is_money" CHECK ("amount_minor" >= 0 AND "currency" ~ '^[A-Z]{3}$');
-- One price on sale of each plan and interval.
CREATE UNIQUE INDEX "billing_price_on_sale" ON "billing_price" ("plan_id", "interval") WHERE "archived_at" IS NULL;

ALTER TABLE "promotion" ADD CONSTRAINT "promotion_code_form" CHECK ("code" ~ '^[A-Z0-9]{3,40}$');
ALTER TABLE "promotion" ADD CONSTRAINT "promotion_is_percent_or_amount" CHECK (
  ("percent_off" IS NULL) <> ("amount_off_minor" IS NULL) AND ("amount_off_minor" IS NULL) = ("currency" IS NULL)
  AND ("percent_off" IS NULL OR "percent_off" BETWEEN 1 AND 100) AND ("amount_off_minor" IS NULL OR "amount_off_minor" > 0)
);
ALTER TABLE "promotion" ADD CONSTRAINT "promotion_repeats_for_months" CHECK (("duration" = 'REPEATING') = ("months" IS NOT NULL));

ALTER TABLE "gift" ADD CONSTRAINT "gift_redeemed_by_somebody" CHECK (
  ("redeemed_at" IS NULL) = ("redeemed_by_id" IS NULL) AND ("redeemed_at" IS NULL) = ("membership_id" IS NULL)
);

-- What the provider said is kept as it was said; only what became of it may change.
CREATE FUNCTION "keep_event"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
    RAISE EXCEPTION 'append-only: % is a ledger', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW."id", NEW."sequence", NEW."type", NEW."api_version", NEW."occurred_at", NEW."received_at", NEW."customer_id", NEW."invoice_id", NEW."payment_intent_id", NEW."payload")
    IS DISTINCT FROM (OLD."id", OLD."sequence", OLD."type", OLD."api_version", OLD."occurred_at", OLD."received_at", OLD."customer_id", OLD."invoice_id", OLD."payment_intent_id", OLD."payload") THEN
    RAISE EXCEPTION 'append-only: an event stays as it came' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "keep" BEFORE UPDATE OR DELETE ON "billing_event" FOR EACH ROW EXECUTE FUNCTION "keep_event"();
CREATE TRIGGER "keep_whole" BEFORE TRUNCATE ON "billing_event" FOR EACH STATEMENT EXECUTE FUNCTION "keep_event"();

-- Whoever shows a member what they hold hears of each change, when it is committed and not before.
CREATE FUNCTION "tell_member_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'member' THEN
    PERFORM pg_notify('member_changed', NEW."id"::text);
  ELSE
    PERFORM pg_notify('member_changed', NEW."member_id"::text);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "tell" AFTER INSERT OR UPDATE ON "membership" FOR EACH ROW EXECUTE FUNCTION "tell_member_changed"();
CREATE TRIGGER "tell" AFTER UPDATE ON "member" FOR EACH ROW
  WHEN (OLD."disabled_at" IS DISTINCT FROM NEW."disabled_at") EXECUTE FUNCTION "tell_member_changed"();
