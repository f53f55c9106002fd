import { z } from "zod";
import { SampanError } from "../../kernel/index.ts";
import { acceleratorSchema, linkSchema, type Accelerator, type Link } from "../../schema/index.ts";
import { toBaseUnit } from "./units.ts";

const sourcesSchema = z.record(
  z.string(),
  z.strictObject({ title: z.string().min(8), date: z.string() }),
);
type Sources = z.infer<typeof sourcesSchema>;

/** A megabyte is several times the largest file of ours; more is not a catalogue. */
const maxCharacters = 4_000_000;
const maxDepth = 12;

/**
 * Reads one file of `catalogue/accelerators/`. Quantities come back in SI units with the whole title and date of
 * their source. Errors: `data-invalid`, naming file, row and field.
 */
export function parseAccelerators(text: string, file: string): readonly Accelerator[] {
  return parseRows(text, file, "accelerators", acceleratorSchema);
}

/** As `parseAccelerators`, of `catalogue/links.json`. */
export function parseLinks(text: string, file: string): readonly Link[] {
  return parseRows(text, file, "links", linkSchema);
}

/** Rows under `key` of a catalogue file, each value expanded from `sources` and checked against `schema`. */
export function parseRows<T>(
  text: string,
  file: string,
  key: string,
  schema: z.ZodType<T>,
): readonly T[] {
  const { sources, body } = openCatalogueFile(text, file, key);
  const rows = z.array(z.unknown()).safeParse(body);
  if (!rows.success) throw invalid(`${file}: "${key}" is not a list`, `Write "${key}": [ ... ].`);
  return rows.data.map((row, index) => {
    const place = `${file}: ${key}[${index}]${nameOf(row)}`;
    return checkRow(expand(row, sources, place, 0), place, schema);
  });
}

/** Checks one expanded row or block; the message lists the fields that are wrong. */
export function checkRow<T>(row: unknown, place: string, schema: z.ZodType<T>): T {
  const checked = schema.safeParse(row);
  if (checked.success) return checked.data;
  const problems = checked.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join(".") || "(row)"}: ${message}`);
  throw invalid(
    `${place} ${problems.join("; ")}`,
    "Correct the row; its neighbours show the form.",
  );
}

/** The named part of a catalogue file and its table of sources. */
export function openCatalogueFile(
  text: string,
  file: string,
  key: string,
): { readonly sources: Sources; readonly body: unknown } {
  if (text.length > maxCharacters) {
    throw invalid(`${file} is longer than ${maxCharacters} characters`, "Split the file.");
  }
  const root = z.record(z.string(), z.unknown()).safeParse(parseJson(text, file));
  const sources = sourcesSchema.safeParse(root.data?.["sources"]);
  if (!root.success || !sources.success) {
    throw invalid(
      `${file} has no table of sources`,
      `Write { "sources": { "key": { "title", "date" } }, "${key}": ... }.`,
    );
  }
  const stranger = Object.keys(root.data).find((name) => name !== "sources" && name !== key);
  if (stranger !== undefined) {
    throw invalid(
      `${file}: unknown member "${stranger}"`,
      `Only "sources" and "${key}" belong here.`,
    );
  }
  return { sources: sources.data, body: root.data[key] };
}

/** Replaces each quantity's source key by the source's title and date, and its unit by the SI unit. */
export function expand(node: unknown, sources: Sources, place: string, depth: number): unknown {
  if (depth > maxDepth) throw invalid(`${place} is nested too deeply`, "Flatten the row.");
  if (Array.isArray(node)) return node.map((item) => expand(item, sources, place, depth + 1));
  if (typeof node !== "object" || node === null) return node;
  const fact = factShape.safeParse(node);
  if (fact.success) {
    const sourced = withSource(fact.data, sources, place);
    const quantity = quantityShape.safeParse(sourced);
    return quantity.success ? toBaseUnit(quantity.data) : sourced;
  }
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [
      name,
      expand(value, sources, `${place}.${name}`, depth + 1),
    ]),
  );
}

const factShape = z.looseObject({ unit: z.string(), source: z.string() });
const quantityShape = z.looseObject({
  value: z.number(),
  unit: z.string(),
  low: z.number().optional(),
  high: z.number().optional(),
});

function withSource<T extends { readonly source: string }>(
  quantity: T,
  sources: Sources,
  place: string,
): T & { date: string } {
  const source = Object.hasOwn(sources, quantity.source) ? sources[quantity.source] : undefined;
  if (source === undefined) {
    throw invalid(
      `${place}: source "${quantity.source}" is not in the file's table of sources`,
      `Add "${quantity.source}": { "title": ..., "date": ... } to "sources".`,
    );
  }
  return { date: source.date, ...quantity, source: source.title };
}

function nameOf(row: unknown): string {
  const named = z.object({ id: z.string() }).safeParse(row);
  return named.success ? ` (${named.data.id})` : "";
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SampanError("data-invalid", `${file} is not JSON`, {
      hint: "Check the commas and quotes; the cause names the place.",
      cause,
    });
  }
}

function invalid(message: string, hint: string): SampanError {
  return new SampanError("data-invalid", message, { hint });
}
