import { SampanError, type Json } from "../../kernel/index.ts";
import { checkText } from "../decode-text.ts";
import { readCsv } from "../read-csv.ts";
import { readJson, readJsonl } from "../read-json.ts";
import { isRow, type RowResult } from "../row.ts";
import { isPlainObject } from "../validate-value.ts";

/** A data file as columns, for looking at it. */
export interface Table {
  readonly reader: "jsonl" | "json" | "csv" | "tsv";
  readonly rows: number;
  readonly columns: readonly Column[];
  /** The file's records already are {input, output}: columns know their side, and need no mapping. */
  readonly paired: boolean;
  /** Rows that could not be read. */
  readonly broken: number;
}

export interface Column {
  readonly name: string;
  /** Row by row; undefined where the cell is empty. */
  readonly values: readonly (Json | undefined)[];
  readonly side?: "input" | "output";
}

/** More columns than a person would label. */
const maxColumns = 500;

/** Reads a CSV, TSV, JSONL or JSON file into columns; the format by its name, else by its first bytes. */
export async function readTable(path: string, raw: Uint8Array): Promise<Table> {
  const bytes = checkText(raw, path);
  const reader = guessReader(path, bytes);
  const rows: RowResult[] = [];
  for await (const row of readRows(reader, bytes, path)) rows.push(row);
  const good = rows.filter(isRow).map(({ columns }) => columns);
  if (good.length === 0) {
    throw new SampanError("data-invalid", `${path} has no records that can be read as ${reader}`, {
      hint: "Give a CSV or TSV with a header, a JSONL file, or a JSON array of objects.",
    });
  }
  const paired = good.every((row) => isPlainObject(row["input"]) && isPlainObject(row["output"]));
  const columns = paired
    ? [
        ...toColumns(
          good.map((row) => row["input"]),
          "input",
        ),
        ...toColumns(
          good.map((row) => row["output"]),
          "output",
        ),
      ]
    : toColumns(good);
  return { reader, rows: good.length, columns, paired, broken: rows.length - good.length };
}

function guessReader(path: string, bytes: Uint8Array): Table["reader"] {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase();
  if (extension === "csv" || extension === "tsv" || extension === "json") return extension;
  if (extension === "jsonl" || extension === "ndjson") return "jsonl";
  const start = new TextDecoder().decode(bytes.subarray(0, 4_096)).trimStart();
  if (start.startsWith("[")) return "json";
  if (start.startsWith("{")) return "jsonl";
  return (start.split("\n")[0] ?? "").includes("\t") ? "tsv" : "csv";
}

async function* readRows(
  reader: Table["reader"],
  bytes: Uint8Array,
  path: string,
): AsyncGenerator<RowResult> {
  if (reader === "csv" || reader === "tsv") yield* readCsv(bytes, path, reader);
  else if (reader === "json") yield* readJson(bytes, path);
  else yield* readJsonl(bytes, path);
}

function toColumns(rows: readonly (Json | undefined)[], side?: "input" | "output"): Column[] {
  const names = new Set<string>();
  for (const row of rows)
    if (isPlainObject(row)) for (const name of Object.keys(row)) names.add(name);
  if (names.size > maxColumns) {
    throw new SampanError("data-invalid", `the file has more than ${maxColumns} columns`, {
      hint: "Keep the columns that the task needs.",
    });
  }
  return [...names].map((name) => {
    const values = rows.map((row) => {
      const value = isPlainObject(row) ? row[name] : undefined;
      return value === null || value === "" ? undefined : value;
    });
    return side === undefined ? { name, values } : { name, values, side };
  });
}
