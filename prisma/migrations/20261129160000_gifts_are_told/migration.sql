-- The address of a checkout's page was written and never read: the provider is asked for it.
ALTER TABLE "checkout" DROP COLUMN IF EXISTS "url";

-- Whoever gave a membership hears of it too: that the code is there, that it was used, that its payment was taken back.
CREATE OR REPLACE FUNCTION "tell_member_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'member' THEN
    PERFORM pg_notify('member_changed', NEW."id"::text);
  ELSIF TG_TABLE_NAME = 'gift' THEN
    PERFORM pg_notify('member_changed', NEW."buyer_id"::text);
  ELSE
    PERFORM pg_notify('member_changed', NEW."member_id"::text);
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "tell" AFTER INSERT OR UPDATE ON "gift" FOR EACH ROW EXECUTE FUNCTION "tell_member_changed"();
