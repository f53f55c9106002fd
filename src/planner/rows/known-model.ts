import { z } from "zod";
import { SampanError } from "../../kernel/index.ts";

const knownModelSchema = z.object({
  id: z.string().max(100),
  name: z.string().max(200),
  aliases: z.array(z.string().max(200)).max(100).default([]),
  config: z.record(z.string(), z.unknown()),
  source: z.string().max(1_000).default(""),
});

/** A model of the catalogue: its names and its parsed config.json. */
export type KnownModel = z.infer<typeof knownModelSchema>;

const fileSchema = z.union([
  z
    .object({ architectures: z.array(knownModelSchema).max(10_000) })
    .transform((file) => file.architectures),
  z.object({ models: z.array(knownModelSchema).max(10_000) }).transform((file) => file.models),
]);

/** Reads a catalogue file of models by their configs. Errors: `data-invalid`. */
export function parseModels(text: string, file: string): readonly KnownModel[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(file, "is not JSON", cause);
  }
  const parsed = fileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalid(file, z.prettifyError(parsed.error).slice(0, 300), parsed.error);
}

function invalid(file: string, problem: string, cause: unknown): SampanError {
  return new SampanError("data-invalid", `${file}: ${problem}`, {
    hint: "Its neighbours in catalogue/ show the form.",
    cause,
  });
}
