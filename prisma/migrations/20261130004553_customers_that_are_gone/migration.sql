-- A customer may be deleted at the provider, and the member then gets a new one. The old row stays: a refund or a dispute of an old
-- payment still belongs to the member.
DROP INDEX IF EXISTS "billing_customer_member_id_key";
ALTER TABLE "billing_customer" ADD COLUMN IF NOT EXISTS "gone_at" TIMESTAMPTZ(3);
CREATE INDEX IF NOT EXISTS "billing_customer_member_id_idx" ON "billing_customer"("member_id");

-- Written by hand: one customer of a member at a time, whichever window made it first.
CREATE UNIQUE INDEX IF NOT EXISTS "billing_customer_one_present" ON "billing_customer" ("member_id") WHERE "gone_at" IS NULL;
