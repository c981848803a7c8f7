-- AlterTable
ALTER TABLE "article" ADD COLUMN     "cover" TEXT,
ADD COLUMN     "cover_alt" TEXT,
ADD COLUMN     "lang" TEXT;

-- ── Below: what Prisma cannot say ────────────────────────────────────────────────────────────────────────────────────

-- Slugs in any script. The server makes them of letters, marks and digits (publishing/slug.ts), which PostgreSQL cannot tell apart
-- in every collation. This is the last guard: in ASCII small letters, digits and single hyphens, elsewhere no control, no space, no
-- punctuation of U+2000 to U+206F and nothing invisible; one normal form; no folder name that is too long. Every slug that the old
-- rule took is taken. Plans are named by the publisher and keep the old rule.
ALTER TABLE "article" DROP CONSTRAINT "article_slug_form", ADD CONSTRAINT "article_slug_form" CHECK (
  "slug" ~ '^[^\u0001-\u002f\u003a-\u0060\u007b-\u00a0\u00ad\u061c\u115f\u1160\u1680\u180b-\u180f\u2000-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]+(-[^\u0001-\u002f\u003a-\u0060\u007b-\u00a0\u00ad\u061c\u115f\u1160\u1680\u180b-\u180f\u2000-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]+)*$'
  AND "slug" IS NFC NORMALIZED AND octet_length("slug") <= 200);
ALTER TABLE "author" DROP CONSTRAINT "author_slug_form", ADD CONSTRAINT "author_slug_form" CHECK (
  "slug" ~ '^[^\u0001-\u002f\u003a-\u0060\u007b-\u00a0\u00ad\u061c\u115f\u1160\u1680\u180b-\u180f\u2000-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]+(-[^\u0001-\u002f\u003a-\u0060\u007b-\u00a0\u00ad\u061c\u115f\u1160\u1680\u180b-\u180f\u2000-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]+)*$'
  AND "slug" IS NFC NORMALIZED AND octet_length("slug") <= 200);
ALTER TABLE "tag" DROP CONSTRAINT "tag_slug_form", ADD CONSTRAINT "tag_slug_form" CHECK (
  "slug" ~ '^[^\u0001-\u002f\u003a-\u0060\u007b-\u00a0\u00ad\u061c\u115f\u1160\u1680\u180b-\u180f\u2000-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]+(-[^\u0001-\u002f\u003a-\u0060\u007b-\u00a0\u00ad\u061c\u115f\u1160\u1680\u180b-\u180f\u2000-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]+)*$'
  AND "slug" IS NFC NORMALIZED AND octet_length("slug") <= 200);
ALTER TABLE "series" DROP CONSTRAINT "series_slug_form", ADD CONSTRAINT "series_slug_form" CHECK (
  "slug" ~ '^[^\u0001-\u002f\u003a-\u0060\u007b-\u00a0\u00ad\u061c\u115f\u1160\u1680\u180b-\u180f\u2000-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]+(-[^\u0001-\u002f\u003a-\u0060\u007b-\u00a0\u00ad\u061c\u115f\u1160\u1680\u180b-\u180f\u2000-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]+)*$'
  AND "slug" IS NFC NORMALIZED AND octet_length("slug") <= 200);
