import type * as CsvParse from "csv-parse/sync";
import { SampanError } from "../kernel/index.ts";
import { linesOf, maxLineBytes } from "./decode-text.ts";
import type { RowResult } from "./row.ts";

/** What csv-parse gives per record with `info: true`. */
interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * The records of a CSV or TSV file (RFC 4180: quotes, doubled quotes, line ends inside quotes), by the
 * names in its first line. `csv` takes `;` for the delimiter where the header has more of them than
 * commas, as spreadsheets of many countries write it. In a TSV a quote is an ordinary character.
 */
export async function* readCsv(
  bytes: Uint8Array,
  name: string,
  kind: "csv" | "tsv",
): AsyncGenerator<RowResult> {
  const header = firstLine(bytes, name);
  const delimiter = kind === "tsv" ? "\t" : guessDelimiter(header);
  const records = await parseAll(bytes, name, kind, delimiter);
  const columns = checkHeader(records[0]?.record ?? [], name);
  let line = (records[0]?.info.lines ?? 0) + 1;
  for (const { record, info } of records.slice(1)) {
    const place = `${name}:${line}`;
    line = info.lines + 1;
    if (record.length === columns.length) {
      yield {
        place,
        columns: Object.fromEntries(columns.map((column, at) => [column, record[at] ?? ""])),
      };
    } else if (record.some((cell) => cell.trim() !== "")) {
      yield {
        place,
        reason: `has ${record.length} columns, but the header has ${columns.length}`,
        hint: `Put a cell that holds "${delimiter === "\t" ? "a tab" : delimiter}" in quotes.`,
      };
    }
  }
}

function firstLine(bytes: Uint8Array, name: string): string {
  for (const { text } of linesOf(bytes, name)) return text;
  return "";
}

function guessDelimiter(header: string): string {
  const bare = header.replace(/"[^"]*"/g, "");
  const count = (delimiter: string): number => bare.split(delimiter).length - 1;
  return count(";") > count(",") ? ";" : ",";
}

function checkHeader(columns: readonly string[], name: string): readonly string[] {
  const trimmed = columns.map((column) => column.trim());
  const twice = trimmed.find((column, at) => trimmed.indexOf(column) !== at);
  if (trimmed.every((column) => column === "")) {
    throw new SampanError("data-invalid", `${name}:1 has no header`, {
      hint: "The first line names the columns.",
    });
  }
  if (twice === undefined) return trimmed;
  throw new SampanError("data-invalid", `${name}:1 names the column "${twice}" twice`, {
    hint: "Give every column a name of its own.",
  });
}

async function parseAll(
  bytes: Uint8Array,
  name: string,
  kind: "csv" | "tsv",
  delimiter: string,
): Promise<readonly CsvRecord[]> {
  const { parse } = await importCsvParse();
  try {
    const options = {
      delimiter,
      quote: kind === "tsv" ? null : '"',
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: ["\r\n", "\n", "\r"],
      max_record_size: maxLineBytes,
    };
    // With `info` every record comes as {record, info}; the package's types do not say so.
    return parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
      options,
    ) as unknown as CsvRecord[];
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const line = /line (\d+)/.exec(why)?.[1];
    const place = line === undefined ? name : `${name}:${line}`;
    throw new SampanError("data-invalid", `${place} is not ${kind.toUpperCase()}: ${why}`, {
      hint: 'Close every quote; write a quote inside a quoted cell twice ("").',
      cause,
    });
  }
}

async function importCsvParse(): Promise<typeof CsvParse> {
  try {
    return await import("csv-parse/sync");
  } catch (cause) {
    throw new SampanError("dependency-missing", "the package csv-parse is not installed", {
      hint: "npm install csv-parse@7.0.3",
      cause,
    });
  }
}
