import { z } from "zod";

/**
 * The part of JSON Schema that a task's input and output may use. Everything in it can be decoded
 * under bounds: no unbounded string, array or number reaches the runtime.
 */
const about = { description: z.string().optional() };

/** The bounds of an output whose schema sets none: nothing unbounded can be decoded. */
export const outputDefaults = { maxLength: 200, decimals: 6 } as const;

/** JSON Schema's usual `type: string` beside `enum` is welcome, and left out of the parsed form. */
export const enumSchema = z
  .strictObject({
    enum: z.array(z.string().min(1).max(1_000)).min(1).max(10_000),
    type: z.literal("string").optional(),
    ...about,
  })
  .transform(({ type: _type, ...schema }) => schema);
export const textSchema = z.strictObject({
  type: z.literal("string"),
  minLength: z.int().min(0).optional(),
  maxLength: z.int().min(1).max(100_000).optional(),
  pattern: z.string().max(1_000).optional(),
  source: z
    .literal("input")
    .optional()
    .describe("input: the value is a verbatim span of one of the input's texts."),
  wholeWords: z
    .boolean()
    .optional()
    .describe(
      "With source: input: spans begin and end where words and numbers do. Left out, the records decide.",
    ),
  ...about,
});
export const numberSchema = z.strictObject({
  type: z.enum(["integer", "number"]),
  minimum: z.number(),
  maximum: z.number(),
  decimals: z
    .int()
    .min(0)
    .max(12)
    .optional()
    .describe("Most digits after the point (6 when left out); 0 for integers."),
  ...about,
});
export const booleanSchema = z.strictObject({ type: z.literal("boolean"), ...about });
export const constSchema = z.strictObject({
  const: z.union([z.string(), z.number(), z.boolean()]),
  ...about,
});
const scalarSchema = z.union([enumSchema, textSchema, numberSchema, booleanSchema, constSchema]);
export const arraySchema = z.strictObject({
  type: z.literal("array"),
  items: scalarSchema,
  minItems: z.int().min(0).optional(),
  maxItems: z.int().min(1).max(1_000),
  ...about,
});
export const fieldSchema = z.union([scalarSchema, arraySchema]);
export const objectSchema = z.strictObject({
  type: z.literal("object"),
  properties: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/), fieldSchema),
  required: z
    .array(z.string())
    .optional()
    .describe("Names that must be there; all of them when left out."),
  ...about,
});

export type EnumSchema = z.infer<typeof enumSchema>;
export type TextSchema = z.infer<typeof textSchema>;
export type NumberSchema = z.infer<typeof numberSchema>;
export type BooleanSchema = z.infer<typeof booleanSchema>;
export type ConstSchema = z.infer<typeof constSchema>;
export type ArraySchema = z.infer<typeof arraySchema>;
export type FieldSchema = z.infer<typeof fieldSchema>;
export type ObjectSchema = z.infer<typeof objectSchema>;

/** Whether a property must be there. */
export function isRequired(schema: ObjectSchema, property: string): boolean {
  return schema.required === undefined || schema.required.includes(property);
}
