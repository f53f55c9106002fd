import { z } from "zod";
import { SampanError } from "../../kernel/index.ts";
import type { Intervals } from "../efficiency/efficiency-file.ts";
import type { ServingTable } from "./law/coefficients.ts";

const tableSchema = z.record(z.string().max(100), z.number().positive());
/** Ends of the 80 % interval of log(predicted / measured seconds), by kind of figure. */
const intervalsSchema = z.record(z.string().max(100), z.tuple([z.number(), z.number()]));
const foldSchema = z.strictObject({
  without: z.array(z.string()).min(1),
  table: tableSchema,
  intervals: intervalsSchema,
});

/** `catalogue/serving-efficiency.json`: what `tools/fit-serving.ts` fitted, and the fits without each source. */
const servingEfficiencySchema = z.strictObject({
  about: z.string(),
  date: z.string(),
  figures: z.int(),
  groups: z.array(z.string()),
  table: tableSchema,
  intervals: intervalsSchema,
  /** A quarter of the sources, chosen by digest, all left out at once. */
  holdOut: foldSchema,
  folds: z.array(foldSchema).max(1_000),
  /** Ten fits without a tenth of the models each. */
  modelFolds: z.array(z.strictObject({ table: tableSchema })).max(100),
  /** How many figures moved an effect, for its provenance. */
  support: z.record(z.string(), z.int()),
});

export type ServingEfficiency = z.infer<typeof servingEfficiencySchema>;

/** Reads the text of `catalogue/serving-efficiency.json`. Errors: `data-invalid`. */
export function parseServingEfficiency(text: string): ServingEfficiency {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid("is not JSON", cause);
  }
  const parsed = servingEfficiencySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`, parsed.error);
}

function invalid(problem: string, cause: unknown): SampanError {
  return new SampanError("data-invalid", `serving-efficiency.json ${problem}`, {
    hint: "Write it anew with: node tools/fit-serving.ts",
    cause,
  });
}

/** The fit that never saw a source: its fold, or the whole fit for a source that is not in it. */
export function servingWithout(
  efficiency: ServingEfficiency,
  group: string,
): { readonly table: ServingTable; readonly intervals: Intervals } {
  return efficiency.folds.find(({ without }) => without.includes(group)) ?? efficiency;
}
