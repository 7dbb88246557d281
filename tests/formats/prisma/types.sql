-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "roles" AS ENUM ('USER', 'adm');

-- CreateTable
CREATE TABLE "User" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "role" "roles" NOT NULL DEFAULT 'USER',
    "js" JSONB NOT NULL DEFAULT '{"a": 1}',
    "f" DOUBLE PRECISION NOT NULL DEFAULT 1.5,
    "b" BYTEA NOT NULL DEFAULT '\x68656c6c6f',
    "bi" BIGINT NOT NULL DEFAULT 5,
    "sl" TEXT[] DEFAULT ARRAY['a', 'b']::TEXT[],
    "il" INTEGER[],
    "boo" BOOLEAN NOT NULL DEFAULT true,
    "sm" SMALLSERIAL NOT NULL,
    "dd" TIMESTAMPTZ(6) NOT NULL DEFAULT '2020-01-01 00:00:00 +00:00',
    "d2" DATE NOT NULL,
    "t2" TIME(3) NOT NULL,
    "u" UUID NOT NULL DEFAULT gen_random_uuid(),
    "u2" CHAR(36) NOT NULL,
    "vc" VARCHAR(20) NOT NULL,
    "x" polygon,
    "roles" "roles"[],
    "inet" INET NOT NULL,
    "o" REAL NOT NULL,
    "m" MONEY NOT NULL,
    "bit" BIT(3) NOT NULL,
    "vb" VARBIT(4) NOT NULL,
    "xml" XML NOT NULL,
    "oid" OID NOT NULL,
    "ci" CITEXT NOT NULL,
    "dec" DECIMAL(65,30) NOT NULL,
    "js2" JSON,
    "tz" TIMETZ(6) NOT NULL,
    "selfId" INTEGER,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "posts" (
    "id" TEXT NOT NULL,
    "authorId" INTEGER,
    "x" DECIMAL(10,2) NOT NULL,

    CONSTRAINT "posts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Tag" (
    "id" INTEGER NOT NULL,

    CONSTRAINT "Tag_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "One" (
    "a" INTEGER NOT NULL,
    "bb" INTEGER NOT NULL,
    "postId" TEXT NOT NULL,
    "big" BIGSERIAL NOT NULL,

    CONSTRAINT "One_pkey" PRIMARY KEY ("a","bb")
);

-- CreateTable
CREATE TABLE "_PostToTag" (
    "A" TEXT NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_PostToTag_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateTable
CREATE TABLE "_TagToUser" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_TagToUser_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE INDEX "posts_authorId_x_idx" ON "posts"("authorId", "x" DESC);

-- CreateIndex
CREATE INDEX "xh" ON "posts" USING HASH ("x");

-- CreateIndex
CREATE UNIQUE INDEX "posts_authorId_x_key" ON "posts"("authorId", "x");

-- CreateIndex
CREATE UNIQUE INDEX "uu" ON "One"("postId");

-- CreateIndex
CREATE INDEX "_PostToTag_B_index" ON "_PostToTag"("B");

-- CreateIndex
CREATE INDEX "_TagToUser_B_index" ON "_TagToUser"("B");

-- AddForeignKey
ALTER TABLE "User" ADD CONSTRAINT "User_selfId_fkey" FOREIGN KEY ("selfId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "posts" ADD CONSTRAINT "posts_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "One" ADD CONSTRAINT "my_fk" FOREIGN KEY ("postId") REFERENCES "posts"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "_PostToTag" ADD CONSTRAINT "_PostToTag_A_fkey" FOREIGN KEY ("A") REFERENCES "posts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_PostToTag" ADD CONSTRAINT "_PostToTag_B_fkey" FOREIGN KEY ("B") REFERENCES "Tag"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_TagToUser" ADD CONSTRAINT "_TagToUser_A_fkey" FOREIGN KEY ("A") REFERENCES "Tag"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_TagToUser" ADD CONSTRAINT "_TagToUser_B_fkey" FOREIGN KEY ("B") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;
