import { z } from "zod";
import { isDeeperThan, SampanError, type JsonObject } from "../../kernel/index.ts";
import type { Grammar } from "../../schema/index.ts";
import type { Automaton } from "./automaton.ts";

const encoding = z.enum(["line", "json"]);
const length = z.int().min(0).max(100_000);
const grammarSchema: z.ZodType<Grammar> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("literal"), text: z.string() }),
    z.strictObject({ kind: z.literal("choice"), options: z.array(z.string()) }),
    z.strictObject({ kind: z.literal("sequence"), items: z.array(grammarSchema) }),
    z.strictObject({ kind: z.literal("alternatives"), items: z.array(grammarSchema) }),
    z.strictObject({ kind: z.literal("optional"), item: grammarSchema }),
    z.strictObject({
      kind: z.literal("repeat"),
      item: grammarSchema,
      separator: z.string(),
      min: length,
      max: length,
    }),
    z.strictObject({
      kind: z.literal("text"),
      encoding,
      min: length,
      max: length,
      pattern: z.string().exactOptional(),
    }),
    z.strictObject({
      kind: z.literal("span"),
      encoding,
      min: length,
      max: length,
      wholeWords: z.boolean().exactOptional(),
    }),
    z.strictObject({
      kind: z.literal("number"),
      minimum: z.number(),
      maximum: z.number(),
      decimals: z.int().min(0).max(12),
    }),
  ]),
);

const automatonSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("closed"),
      texts: z.array(z.string()).min(1),
      ids: z.array(z.array(z.int().min(0))),
    })
    .refine(({ texts, ids }) => texts.length === ids.length, "as many texts as id lists")
    .refine(({ ids }) => new Set(ids.map(String)).size === ids.length, "id lists differ"),
  z.strictObject({ kind: z.literal("open"), grammar: grammarSchema }),
]);

/** Objects and lists inside one another; the grammar of any output schema needs fewer than twenty. */
const mostLevels = 64;

/** The automaton as a bundle carries it. */
export function automatonToJson(automaton: Automaton): JsonObject {
  // Plain data by construction; the round trip drops nothing but `undefined` members.
  return JSON.parse(JSON.stringify(automaton)) as JsonObject;
}

/** Reads an automaton back; `format-corrupt` names the first member that is wrong. */
export function automatonFromJson(json: unknown): Automaton {
  if (isDeeperThan(json, mostLevels)) {
    throw new SampanError("format-corrupt", `automaton: nests deeper than ${mostLevels} levels`, {
      hint: "Sampan writes none like it: pack the bundle again, or `sampan verify` it.",
    });
  }
  const read = automatonSchema.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const place = issue && issue.path.length > 0 ? ` at ${issue.path.join(".")}` : "";
  throw new SampanError("format-corrupt", `automaton${place}: ${issue?.message ?? "unreadable"}`, {
    hint: "Pack the bundle again, or `sampan verify` it.",
    cause: read.error,
  });
}
