import { z } from "zod";
import { sourceFileSchema } from "./place.ts";

export const licenceSchema = z.strictObject({
  /** SPDX id, or `LicenseRef-…` where SPDX has none. */
  id: z.string(),
  name: z.string(),
  /** Said aloud by a build whose licence asks more than to be named. */
  notice: z.string().optional(),
  /** Texts that a bundle must carry along. */
  files: z.array(z.strictObject({ name: z.string(), file: sourceFileSchema })).default([]),
});

/** One row of `catalogue/bases.json`: an open-weights model that a build can start from. */
export const baseEntrySchema = z.strictObject({
  name: z.string(),
  about: z.string(),
  licence: licenceSchema,
  /** Of the file's header, to tell the work before the file is there. */
  shape: z.strictObject({
    width: z.int().positive(),
    layers: z.int().positive(),
    feedForward: z.int().positive(),
    heads: z.int().positive(),
    kvHeads: z.int().positive(),
    headWidth: z.int().positive(),
  }),
  file: sourceFileSchema.extend({ sha256: z.string(), bytes: z.int() }),
  /** Where the row's facts come from, and when they were looked at. */
  source: z.string(),
  date: z.iso.date(),
});

export type Licence = z.infer<typeof licenceSchema>;
export type BaseEntry = z.infer<typeof baseEntrySchema>;
