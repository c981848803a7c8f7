-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "member_kind" AS ENUM ('PERSON', 'PROGRAM');

-- CreateEnum
CREATE TYPE "price_interval" AS ENUM ('MONTHLY', 'YEARLY');

-- CreateEnum
CREATE TYPE "membership_status" AS ENUM ('TRIALING', 'ACTIVE', 'PAST_DUE', 'UNPAID', 'PAUSED', 'INCOMPLETE', 'ENDED');

-- CreateEnum
CREATE TYPE "membership_source" AS ENUM ('PAYMENT', 'GIFT', 'COMPLIMENTARY');

-- CreateEnum
CREATE TYPE "visibility" AS ENUM ('PUBLIC', 'MEMBERS', 'PAID', 'PLANS');

-- CreateTable
CREATE TABLE "member" (
    "id" UUID NOT NULL,
    "kind" "member_kind" NOT NULL,
    "name" TEXT,
    "email" TEXT,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "picture" TEXT,
    "profile_fetched_at" TIMESTAMPTZ(3),
    "profile_attempted_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "disabled_at" TIMESTAMPTZ(3),
    "standing_changed_at" TIMESTAMPTZ(3) NOT NULL,
    "standing_cause" TEXT NOT NULL,

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity" (
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "member_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "identity_pkey" PRIMARY KEY ("issuer","subject")
);

-- CreateTable
CREATE TABLE "member_standing_change" (
    "id" BIGSERIAL NOT NULL,
    "member_id" UUID NOT NULL,
    "disabled" BOOLEAN NOT NULL,
    "cause" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "member_standing_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bookmark" (
    "member_id" UUID NOT NULL,
    "article_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "bookmark_pkey" PRIMARY KEY ("member_id","article_id")
);

-- CreateTable
CREATE TABLE "call_counter" (
    "member_id" UUID NOT NULL,
    "calls" INTEGER NOT NULL,

    CONSTRAINT "call_counter_pkey" PRIMARY KEY ("member_id")
);

-- CreateTable
CREATE TABLE "call_total" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "calls" INTEGER NOT NULL,

    CONSTRAINT "call_total_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan_price" (
    "plan_id" UUID NOT NULL,
    "interval" "price_interval" NOT NULL,
    "amount_minor" INTEGER NOT NULL,
    "currency" CHAR(3) NOT NULL,

    CONSTRAINT "plan_price_pkey" PRIMARY KEY ("plan_id","interval")
);

-- CreateTable
CREATE TABLE "plan_inclusion" (
    "plan_id" UUID NOT NULL,
    "included_plan_id" UUID NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "included" BOOLEAN NOT NULL,

    CONSTRAINT "plan_inclusion_pkey" PRIMARY KEY ("plan_id","included_plan_id","valid_from")
);

-- CreateTable
CREATE TABLE "membership" (
    "id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "plan_id" UUID NOT NULL,
    "status" "membership_status" NOT NULL,
    "source" "membership_source" NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "current_period_end" TIMESTAMPTZ(3),
    "cancel_at_period_end" BOOLEAN NOT NULL DEFAULT false,
    "grace_ends_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "change_cause" TEXT NOT NULL,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership_change" (
    "id" BIGSERIAL NOT NULL,
    "membership_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "plan_id" UUID NOT NULL,
    "status" "membership_status" NOT NULL,
    "source" "membership_source" NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "current_period_end" TIMESTAMPTZ(3),
    "cancel_at_period_end" BOOLEAN NOT NULL,
    "grace_ends_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "at" TIMESTAMPTZ(3) NOT NULL,
    "cause" TEXT NOT NULL,

    CONSTRAINT "membership_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "author" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "author_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tag" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "tag_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "series" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "series_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "article" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "excerpt" TEXT NOT NULL,
    "preview_html" TEXT NOT NULL,
    "reading_minutes" INTEGER NOT NULL,
    "published_at" TIMESTAMPTZ(3),
    "author_id" UUID NOT NULL,
    "series_id" UUID,
    "source_hash" TEXT NOT NULL,
    "extra" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "article_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "article_body" (
    "article_id" UUID NOT NULL,
    "html" TEXT NOT NULL,
    "rest" TEXT NOT NULL,

    CONSTRAINT "article_body_pkey" PRIMARY KEY ("article_id")
);

-- CreateTable
CREATE TABLE "article_tag" (
    "article_id" UUID NOT NULL,
    "tag_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "article_tag_pkey" PRIMARY KEY ("article_id","tag_id")
);

-- CreateTable
CREATE TABLE "article_requirement" (
    "id" UUID NOT NULL,
    "article_id" UUID NOT NULL,
    "visibility" "visibility" NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "article_requirement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "article_requirement_plan" (
    "requirement_id" UUID NOT NULL,
    "plan_id" UUID NOT NULL,

    CONSTRAINT "article_requirement_plan_pkey" PRIMARY KEY ("requirement_id","plan_id")
);

-- CreateIndex
CREATE INDEX "identity_member_id_idx" ON "identity"("member_id");

-- CreateIndex
CREATE INDEX "member_standing_change_member_id_at_idx" ON "member_standing_change"("member_id", "at");

-- CreateIndex
CREATE INDEX "bookmark_member_id_created_at_article_id_idx" ON "bookmark"("member_id", "created_at" DESC, "article_id" DESC);

-- CreateIndex
CREATE INDEX "bookmark_article_id_idx" ON "bookmark"("article_id");

-- CreateIndex
CREATE UNIQUE INDEX "plan_slug_key" ON "plan"("slug");

-- CreateIndex
CREATE INDEX "membership_member_id_idx" ON "membership"("member_id");

-- CreateIndex
CREATE INDEX "membership_plan_id_idx" ON "membership"("plan_id");

-- CreateIndex
CREATE INDEX "membership_change_member_id_at_idx" ON "membership_change"("member_id", "at");

-- CreateIndex
CREATE INDEX "membership_change_membership_id_at_idx" ON "membership_change"("membership_id", "at");

-- CreateIndex
CREATE INDEX "membership_change_plan_id_idx" ON "membership_change"("plan_id");

-- CreateIndex
CREATE UNIQUE INDEX "author_slug_key" ON "author"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "tag_slug_key" ON "tag"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "series_slug_key" ON "series"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "article_slug_key" ON "article"("slug");

-- CreateIndex
CREATE INDEX "article_published_at_id_idx" ON "article"("published_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "article_author_id_published_at_id_idx" ON "article"("author_id", "published_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "article_series_id_published_at_id_idx" ON "article"("series_id", "published_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "article_tag_tag_id_article_id_idx" ON "article_tag"("tag_id", "article_id");

-- CreateIndex
CREATE UNIQUE INDEX "article_requirement_article_id_valid_from_key" ON "article_requirement"("article_id", "valid_from" DESC);

-- CreateIndex
CREATE INDEX "article_requirement_plan_plan_id_idx" ON "article_requirement_plan"("plan_id");

-- AddForeignKey
ALTER TABLE "identity" ADD CONSTRAINT "identity_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_standing_change" ADD CONSTRAINT "member_standing_change_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bookmark" ADD CONSTRAINT "bookmark_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bookmark" ADD CONSTRAINT "bookmark_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "call_counter" ADD CONSTRAINT "call_counter_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_price" ADD CONSTRAINT "plan_price_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_inclusion" ADD CONSTRAINT "plan_inclusion_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_inclusion" ADD CONSTRAINT "plan_inclusion_included_plan_id_fkey" FOREIGN KEY ("included_plan_id") REFERENCES "plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership_change" ADD CONSTRAINT "membership_change_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "article" ADD CONSTRAINT "article_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "author"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "article" ADD CONSTRAINT "article_series_id_fkey" FOREIGN KEY ("series_id") REFERENCES "series"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "article_body" ADD CONSTRAINT "article_body_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "article_tag" ADD CONSTRAINT "article_tag_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "article_tag" ADD CONSTRAINT "article_tag_tag_id_fkey" FOREIGN KEY ("tag_id") REFERENCES "tag"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "article_requirement" ADD CONSTRAINT "article_requirement_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "article_requirement_plan" ADD CONSTRAINT "article_requirement_plan_requirement_id_fkey" FOREIGN KEY ("requirement_id") REFERENCES "article_requirement"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "article_requirement_plan" ADD CONSTRAINT "article_requirement_plan_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- ── Written by hand from here on: what must never happen, whoever writes ────────────────────────────────────────────

-- Names that stand in addresses.
ALTER TABLE "article" ADD CONSTRAINT "article_slug_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 200);
ALTER TABLE "author"  ADD CONSTRAINT "author_slug_form"  CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 200);
ALTER TABLE "tag"     ADD CONSTRAINT "tag_slug_form"     CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 200);
ALTER TABLE "series"  ADD CONSTRAINT "series_slug_form"  CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 200);
ALTER TABLE "plan"    ADD CONSTRAINT "plan_slug_form"    CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 200);

ALTER TABLE "identity" ADD CONSTRAINT "identity_is_named" CHECK (length("issuer") BETWEEN 1 AND 255 AND length("subject") BETWEEN 1 AND 255);
ALTER TABLE "article" ADD CONSTRAINT "article_takes_time" CHECK ("reading_minutes" >= 1);
ALTER TABLE "article" ADD CONSTRAINT "article_has_title" CHECK (length(btrim("title")) > 0);

ALTER TABLE "plan_price" ADD CONSTRAINT "plan_price_is_money" CHECK ("amount_minor" >= 0 AND "currency" ~ '^[A-Z]{3}$');
ALTER TABLE "plan_inclusion" ADD CONSTRAINT "plan_inclusion_of_another" CHECK ("plan_id" <> "included_plan_id");

ALTER TABLE "call_counter" ADD CONSTRAINT "call_counter_counts" CHECK ("calls" >= 0);
ALTER TABLE "call_total" ADD CONSTRAINT "call_total_is_one_row" CHECK ("id" = 1 AND "calls" >= 0);
INSERT INTO "call_total" ("id", "calls") VALUES (1, 0);

-- A membership that contradicts itself would be read as a right.
ALTER TABLE "membership" ADD CONSTRAINT "membership_period_runs_forward" CHECK ("current_period_end" IS NULL OR "current_period_end" > "started_at");
ALTER TABLE "membership" ADD CONSTRAINT "membership_ended_has_end" CHECK (("status" = 'ENDED') = ("ended_at" IS NOT NULL));
ALTER TABLE "membership" ADD CONSTRAINT "membership_grace_is_for_past_due" CHECK ("grace_ends_at" IS NULL OR "status" = 'PAST_DUE');
-- Only a complimentary membership may last for ever.
ALTER TABLE "membership" ADD CONSTRAINT "membership_without_end_is_complimentary" CHECK ("source" = 'COMPLIMENTARY' OR "current_period_end" IS NOT NULL OR "status" IN ('INCOMPLETE', 'ENDED'));

-- Nobody pays twice, and granting the same plan again extends what is held.
CREATE UNIQUE INDEX "membership_one_paid" ON "membership" ("member_id") WHERE "source" = 'PAYMENT' AND "status" IN ('TRIALING', 'ACTIVE', 'PAST_DUE', 'UNPAID', 'PAUSED');
CREATE UNIQUE INDEX "membership_one_complimentary" ON "membership" ("member_id", "plan_id") WHERE "source" = 'COMPLIMENTARY' AND "status" <> 'ENDED';

-- Histories are append-only.
CREATE FUNCTION "refuse_change_of_history"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'append-only: % is a history', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "article_requirement"      FOR EACH ROW EXECUTE FUNCTION "refuse_change_of_history"();
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "article_requirement_plan" FOR EACH ROW EXECUTE FUNCTION "refuse_change_of_history"();
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "plan_inclusion"           FOR EACH ROW EXECUTE FUNCTION "refuse_change_of_history"();
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "member_standing_change"   FOR EACH ROW EXECUTE FUNCTION "refuse_change_of_history"();
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "membership_change"        FOR EACH ROW EXECUTE FUNCTION "refuse_change_of_history"();
CREATE TRIGGER "append_only_whole" BEFORE TRUNCATE ON "article_requirement"      FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_history"();
CREATE TRIGGER "append_only_whole" BEFORE TRUNCATE ON "article_requirement_plan" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_history"();
CREATE TRIGGER "append_only_whole" BEFORE TRUNCATE ON "plan_inclusion"           FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_history"();
CREATE TRIGGER "append_only_whole" BEFORE TRUNCATE ON "member_standing_change"   FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_history"();
CREATE TRIGGER "append_only_whole" BEFORE TRUNCATE ON "membership_change"        FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_history"();

-- Nor may a row be slipped in behind the latest one: it would change what was true in between.
CREATE FUNCTION "requirement_comes_last"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM "article" WHERE "id" = NEW."article_id" FOR UPDATE;
  IF EXISTS (SELECT 1 FROM "article_requirement" WHERE "article_id" = NEW."article_id" AND "valid_from" >= NEW."valid_from") THEN
    RAISE EXCEPTION 'append-only: a requirement of this article is already valid from then or later' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "comes_last" BEFORE INSERT ON "article_requirement" FOR EACH ROW EXECUTE FUNCTION "requirement_comes_last"();

CREATE FUNCTION "inclusion_comes_last"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM "plan" WHERE "id" = NEW."plan_id" FOR UPDATE;
  IF EXISTS (SELECT 1 FROM "plan_inclusion" WHERE "plan_id" = NEW."plan_id" AND "included_plan_id" = NEW."included_plan_id" AND "valid_from" >= NEW."valid_from") THEN
    RAISE EXCEPTION 'append-only: an inclusion of these plans is already valid from then or later' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "comes_last" BEFORE INSERT ON "plan_inclusion" FOR EACH ROW EXECUTE FUNCTION "inclusion_comes_last"();

-- Histories cannot be forgotten: the database writes them.
CREATE FUNCTION "record_standing"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "member_standing_change" ("member_id", "disabled", "cause", "at")
  VALUES (NEW."id", NEW."disabled_at" IS NOT NULL, NEW."standing_cause", NEW."standing_changed_at");
  RETURN NULL;
END $$;
CREATE TRIGGER "record_first" AFTER INSERT ON "member" FOR EACH ROW EXECUTE FUNCTION "record_standing"();
CREATE TRIGGER "record_change" AFTER UPDATE ON "member" FOR EACH ROW
  WHEN (OLD."disabled_at" IS DISTINCT FROM NEW."disabled_at") EXECUTE FUNCTION "record_standing"();

CREATE FUNCTION "record_membership"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "membership_change" ("membership_id", "member_id", "plan_id", "status", "source", "started_at", "current_period_end",
    "cancel_at_period_end", "grace_ends_at", "ended_at", "at", "cause")
  VALUES (NEW."id", NEW."member_id", NEW."plan_id", NEW."status", NEW."source", NEW."started_at", NEW."current_period_end",
    NEW."cancel_at_period_end", NEW."grace_ends_at", NEW."ended_at", NEW."changed_at", NEW."change_cause");
  RETURN NULL;
END $$;
CREATE TRIGGER "record" AFTER INSERT OR UPDATE ON "membership" FOR EACH ROW EXECUTE FUNCTION "record_membership"();

CREATE FUNCTION "keep_membership"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
    RAISE EXCEPTION 'a membership ends, it is never deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW."id" <> OLD."id" OR NEW."member_id" <> OLD."member_id" OR NEW."source" <> OLD."source" THEN
    RAISE EXCEPTION 'a membership keeps its member and its source' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "keep" BEFORE UPDATE OR DELETE ON "membership" FOR EACH ROW EXECUTE FUNCTION "keep_membership"();
CREATE TRIGGER "keep_whole" BEFORE TRUNCATE ON "membership" FOR EACH STATEMENT EXECUTE FUNCTION "keep_membership"();

-- An article for plans names at least one, and only such an article does; looked at when the transaction ends.
CREATE FUNCTION "requirement_names_its_plans"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE asked "visibility"; named integer; requirement uuid;
BEGIN
  IF TG_TABLE_NAME = 'article_requirement' THEN requirement := NEW."id"; ELSE requirement := NEW."requirement_id"; END IF;
  SELECT "visibility" INTO asked FROM "article_requirement" WHERE "id" = requirement;
  SELECT count(*) INTO named FROM "article_requirement_plan" WHERE "requirement_id" = requirement;
  IF (asked = 'PLANS') <> (named > 0) THEN
    RAISE EXCEPTION 'visibility % with % plans', asked, named USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "names_its_plans" AFTER INSERT ON "article_requirement" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION "requirement_names_its_plans"();
CREATE CONSTRAINT TRIGGER "names_its_plans" AFTER INSERT ON "article_requirement_plan" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION "requirement_names_its_plans"();

-- An article never stands without what it asks for and its text.
CREATE FUNCTION "article_is_whole"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM "article" WHERE "id" = NEW."id") THEN RETURN NULL; END IF;
  IF NOT EXISTS (SELECT 1 FROM "article_requirement" WHERE "article_id" = NEW."id")
    OR NOT EXISTS (SELECT 1 FROM "article_body" WHERE "article_id" = NEW."id") THEN
    RAISE EXCEPTION 'article % has no requirement or no body', NEW."slug" USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "is_whole" AFTER INSERT OR UPDATE ON "article" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION "article_is_whole"();
CREATE FUNCTION "refuse_loss_of_body"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "article" WHERE "id" = OLD."article_id")
    AND NOT EXISTS (SELECT 1 FROM "article_body" WHERE "article_id" = OLD."article_id") THEN
    RAISE EXCEPTION 'an article keeps its body' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "stays" AFTER DELETE ON "article_body" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION "refuse_loss_of_body"();
