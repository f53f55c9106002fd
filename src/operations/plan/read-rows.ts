import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { SampanError } from "../../kernel/index.ts";
import { publishedRunSchema, type PublishedRun } from "../../schema/index.ts";
import { openPublishedRuns } from "./open-catalogue.ts";

/** A hundred times the file that comes with Sampan. */
const maxBytes = 100_000_000;

/** Rows of a file, and those that are not in the form of one. */
export interface RowsRead {
  readonly rows: readonly PublishedRun[];
  readonly refused: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Published rows of a JSON file (an array, or `{ "rows": [...] }`) or JSONL file; those of the catalogue without one.
 * A row that is not one is refused with its reason; only a file without any row is an error.
 */
export function readRows(path: string | undefined): RowsRead {
  const value = path === undefined ? openPublishedRuns() : parseFile(path);
  const list = Array.isArray(value)
    ? value
    : z.object({ rows: z.array(z.unknown()) }).safeParse(value).data?.rows;
  if (list === undefined) throw invalid(path, "is not an array of rows");
  const rows: PublishedRun[] = [];
  const refused: { id: string; reason: string }[] = [];
  list.forEach((row: unknown, index) => {
    const parsed = publishedRunSchema.safeParse(row);
    if (parsed.success) {
      rows.push(parsed.data);
      return;
    }
    const id = z.object({ id: z.string() }).safeParse(row).data?.id ?? `row ${index}`;
    const [issue] = parsed.error.issues;
    const reason = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`;
    refused.push({ id: id.slice(0, 200), reason });
  });
  const [first] = refused;
  if (rows.length === 0 && first !== undefined) {
    throw invalid(path, `has no row that can be read; ${first.id}: ${first.reason}`);
  }
  return { rows, refused };
}

function parseFile(path: string): unknown {
  let text: string;
  try {
    if (statSync(path).size > maxBytes) throw invalid(path, `is larger than ${maxBytes} bytes`);
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if (SampanError.isInstance(cause)) throw cause;
    throw new SampanError("not-found", `${path} cannot be read`, {
      hint: "Give a JSON file of rows in the form of catalogue/published-runs.json.",
      cause,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    try {
      if (lines.length > 1) return lines.map((line) => JSON.parse(line) as unknown);
    } catch {
      // Neither form: the first failure says more.
    }
    throw invalid(path, "is neither JSON nor JSON lines", cause);
  }
}

function invalid(path: string | undefined, problem: string, cause?: unknown): SampanError {
  return new SampanError("data-invalid", `${path ?? "catalogue/published-runs.json"} ${problem}`, {
    hint: "Rows have the form of catalogue/published-runs.json: id, kind, group, model, hardware, measured, source.",
    cause,
  });
}
