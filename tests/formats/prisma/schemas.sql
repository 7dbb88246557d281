-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "auth";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "auth"."kinds of" AS ENUM ('A', 'b b');

-- CreateTable
CREATE TABLE "AVeryLongModelNameThatGoesOnAndOnAndOnUntilTheLimit" (
    "id" INTEGER NOT NULL,
    "anotherVeryLongFieldNameForTheTest" INTEGER NOT NULL,
    "second_long_field_name_here" TEXT,
    "j" JSONB NOT NULL,
    "t" TEXT NOT NULL,
    "dates" TIMESTAMP(3)[] DEFAULT ARRAY['2020-01-01 10:00:00.123 +00:00']::TIMESTAMP(3)[],
    "d" DATE NOT NULL DEFAULT '2020-01-01 00:00:00 +00:00',
    "e" INTEGER[] DEFAULT ARRAY[]::INTEGER[],

    CONSTRAINT "own pk" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth"."ChildOfTheModelNameThatGoesOnAndOnAndOnUntilTheLimit" (
    "a" INTEGER NOT NULL,
    "b" INTEGER NOT NULL,
    "parentIdentifierColumn" INTEGER NOT NULL,

    CONSTRAINT "ChildOfTheModelNameThatGoesOnAndOnAndOnUntilTheLimit_pkey" PRIMARY KEY ("a","b")
);

-- CreateTable
CREATE TABLE "auth"."people" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "bossId" UUID,
    "kind" "auth"."kinds of"[] DEFAULT ARRAY['A', 'b b']::"auth"."kinds of"[],
    "x" TEXT NOT NULL DEFAULT 'it''s "q" \ é',
    "neg" INTEGER NOT NULL DEFAULT -5,
    "dec" DECIMAL(65,30) NOT NULL DEFAULT 1.50,
    "big" BIGINT NOT NULL DEFAULT 9007199254740993,
    "hidden" TEXT,

    CONSTRAINT "people_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Cat" (
    "id" INTEGER NOT NULL,
    "ownerId" UUID NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    "chip" VARCHAR NOT NULL,
    "w" SERIAL NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT now() - '1 day'::interval,

    CONSTRAINT "Cat_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth"."_friendship" (
    "A" UUID NOT NULL,
    "B" UUID NOT NULL,

    CONSTRAINT "_friendship_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE UNIQUE INDEX "AVeryLongModelNameThatGoesOnAndOnAndOnUntilTheLimit_another_key" ON "AVeryLongModelNameThatGoesOnAndOnAndOnUntilTheLimit"("anotherVeryLongFieldNameForTheTest");

-- CreateIndex
CREATE INDEX "AVeryLongModelNameThatGoesOnAndOnAndOnUntilTheLimit_another_idx" ON "AVeryLongModelNameThatGoesOnAndOnAndOnUntilTheLimit"("anotherVeryLongFieldNameForTheTest", "second_long_field_name_here");

-- CreateIndex
CREATE INDEX "AVeryLongModelNameThatGoesOnAndOnAndOnUntilTheLimit_j_idx" ON "AVeryLongModelNameThatGoesOnAndOnAndOnUntilTheLimit" USING GIN ("j" jsonb_path_ops);

-- CreateIndex
CREATE INDEX "trgm" ON "AVeryLongModelNameThatGoesOnAndOnAndOnUntilTheLimit" USING GIN ("t" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "AVeryLongModelNameThatGoesOnAndOnAndOnUntilTheLimit_id_idx" ON "AVeryLongModelNameThatGoesOnAndOnAndOnUntilTheLimit" USING BRIN ("id" int4_minmax_multi_ops);

-- CreateIndex
CREATE UNIQUE INDEX "Cat_w_key" ON "Cat"("w");

-- CreateIndex
CREATE UNIQUE INDEX "Cat_ownerId_chip_key" ON "Cat"("ownerId", "chip" DESC);

-- CreateIndex
CREATE INDEX "_friendship_B_index" ON "auth"."_friendship"("B");

-- AddForeignKey
ALTER TABLE "auth"."ChildOfTheModelNameThatGoesOnAndOnAndOnUntilTheLimit" ADD CONSTRAINT "ChildOfTheModelNameThatGoesOnAndOnAndOnUntilTheLimit_paren_fkey" FOREIGN KEY ("parentIdentifierColumn") REFERENCES "AVeryLongModelNameThatGoesOnAndOnAndOnUntilTheLimit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth"."people" ADD CONSTRAINT "people_bossId_fkey" FOREIGN KEY ("bossId") REFERENCES "auth"."people"("id") ON DELETE NO ACTION ON UPDATE SET NULL;

-- AddForeignKey
ALTER TABLE "Cat" ADD CONSTRAINT "Cat_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "auth"."people"("id") ON DELETE SET DEFAULT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth"."_friendship" ADD CONSTRAINT "_friendship_A_fkey" FOREIGN KEY ("A") REFERENCES "auth"."people"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth"."_friendship" ADD CONSTRAINT "_friendship_B_fkey" FOREIGN KEY ("B") REFERENCES "auth"."people"("id") ON DELETE CASCADE ON UPDATE CASCADE;
