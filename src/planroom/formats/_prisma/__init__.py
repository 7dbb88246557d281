"""Prisma schemas and a model: the parts that `planroom.formats.prisma` is put together from."""
