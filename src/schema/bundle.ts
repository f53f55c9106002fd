import { z } from "zod";

/** Version of the bundle's layout; a reader refuses others by name. */
export const bundleFormat = 1;

const digest = z.string().regex(/^[0-9a-f]{64}$/, "a sha256 is 64 lower-case hexadecimal digits");
const line = z.string().min(1).max(500);

/** A relative path of plain names: no `..`, no hidden file, nothing that a file system reads specially. */
const bundlePathSchema = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*){0,7}$/,
    "a path in a bundle is made of letters, digits and . _ - between slashes",
  )
  .refine((path) => !/\.(\/|$)/.test(path), "no name in a path may end in a dot");

const bundleFileSchema = z.strictObject({
  path: bundlePathSchema,
  bytes: z.int().min(0),
  sha256: digest,
});

const bundleLicenceSchema = z.strictObject({
  /** SPDX id, or `LicenseRef-…` where SPDX has none. */
  id: line,
  name: line,
  /** What it covers: the base, a data source. */
  covers: line,
  /** What must be said aloud. */
  notice: z.string().max(20_000).optional(),
});

/**
 * `manifest.json`: what the bundle is and the digest of every other file. It holds no time and no path of
 * the machine that made it, so the same parts give the same bytes; its own sha256 is the bundle's digest.
 */
export const bundleManifestSchema = z.strictObject({
  format: z.literal(bundleFormat),
  /** Program and version that packed it. */
  createdBy: line,
  task: z.strictObject({ name: line, about: z.string().max(5_000).optional(), digest }),
  variant: z.strictObject({
    id: line,
    label: line,
    kind: z.enum(["classical", "base", "tuned", "chain"]),
    precision: line.optional(),
  }),
  /** Answers whose confidence is below it go to a person. */
  threshold: z.number().optional(),
  /** The open-weights model under it, when a model is in it. */
  base: z.strictObject({ name: line, sha256: digest }).optional(),
  /** The library the figures were measured with; other builds of it may answer a little differently. */
  engine: z.strictObject({ name: line, version: line, cpu: line.optional() }).optional(),
  licences: z.array(bundleLicenceSchema).max(100),
  /** Every file but the manifest and its digest, sorted by path. */
  files: z.array(bundleFileSchema).max(10_000),
});

export type BundleFile = z.infer<typeof bundleFileSchema>;
export type BundleManifest = z.infer<typeof bundleManifestSchema>;
/** What the packer is told; the rest of the manifest follows from the files. */
export type BundleFacts = Omit<BundleManifest, "format" | "files">;
