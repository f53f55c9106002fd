import { z } from "zod";
import { SampanError } from "../../kernel/index.ts";

const count = z.int().positive().max(1e14);

/** What someone published about a model's size, to hold our own count against. */
const publishedParametersSchema = z.strictObject({
  total: count,
  /** Parameters that one token visits, as the makers count them (with or without the embedding). */
  active: count.optional(),
  /** Rounded as in a paper or card ("671B"), rather than the exact sum over tensors. */
  rounded: z.boolean().default(false),
  source: z.string().min(8).max(1_000),
});

/** One row of `catalogue/models/*.json`: the fields of a Hugging Face config.json that decide size and work. */
const modelFactsSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/),
  name: z.string().min(1).max(200),
  aliases: z.array(z.string().min(1).max(200)).max(100),
  config: z.record(z.string(), z.unknown()),
  parameters: publishedParametersSchema,
  /** Where the fields come from. */
  source: z.string().min(8).max(1_000),
  date: z.string().regex(/^\d{4}(-\d{2}){0,2}$/),
});

export type ModelFacts = z.infer<typeof modelFactsSchema>;

const fileSchema = z.strictObject({ models: z.array(modelFactsSchema).max(10_000) });

/** Reads one file of `catalogue/models/`. Errors: `data-invalid`, naming file, row and field. */
export function parseModelFacts(text: string, file: string): readonly ModelFacts[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(file, "is not JSON", cause);
  }
  const parsed = fileSchema.safeParse(value);
  if (parsed.success) return parsed.data.models;
  const problems = parsed.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw invalid(file, problems.join("; "), parsed.error);
}

function invalid(file: string, problem: string, cause: unknown): SampanError {
  return new SampanError("data-invalid", `${file}: ${problem}`, {
    hint: "Correct the row; its neighbours in catalogue/models show the form.",
    cause,
  });
}
