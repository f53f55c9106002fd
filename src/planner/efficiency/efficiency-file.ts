import { z } from "zod";
import { SampanError } from "../../kernel/index.ts";
import type { CoefficientTable } from "./coefficients.ts";

const tableSchema = z.record(z.string().max(100), z.number().positive());
/** Ends of the 80 % interval of log(measured time / predicted time), by class of run. */
const intervalsSchema = z.record(z.string().max(100), z.tuple([z.number(), z.number()]));

const foldSchema = z.strictObject({
  /** Groups that were left out. */
  without: z.array(z.string()).min(1),
  table: tableSchema,
  intervals: intervalsSchema,
});

/** `catalogue/efficiency.json`: what `tools/fit-planner.ts` fitted, with what it fitted without each source. */
export const efficiencySchema = z.strictObject({
  about: z.string(),
  /** Day of the newest row's source that went in. */
  date: z.string(),
  rows: z.int(),
  groups: z.array(z.string()),
  table: tableSchema,
  intervals: intervalsSchema,
  /** Groups of the fixed hold-out, and the fit without all of them. */
  holdOut: foldSchema,
  folds: z.array(foldSchema).max(1_000),
  /** Ten fits without a tenth of the models each: the protocol of the published baseline. */
  modelFolds: z.array(z.strictObject({ table: tableSchema })).max(100),
  /** How many rows moved an effect, for its provenance. */
  support: z.record(z.string(), z.int()),
});

export type Efficiency = z.infer<typeof efficiencySchema>;
export type Intervals = z.infer<typeof intervalsSchema>;

/** Reads the text of `catalogue/efficiency.json`. Errors: `data-invalid`. */
export function parseEfficiency(text: string): Efficiency {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid("is not JSON", cause);
  }
  const parsed = efficiencySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`, parsed.error);
}

function invalid(problem: string, cause: unknown): SampanError {
  return new SampanError("data-invalid", `efficiency.json ${problem}`, {
    hint: "Write it anew with: node tools/fit-planner.ts",
    cause,
  });
}

/** The fit that never saw a source: its fold, or the whole fit for a source that is not in it. */
export function tableWithout(
  efficiency: Efficiency,
  group: string,
): { readonly table: CoefficientTable; readonly intervals: Intervals } {
  return efficiency.folds.find(({ without }) => without.includes(group)) ?? efficiency;
}
