import { canonicalJson, SampanError } from "../../kernel/index.ts";
import type { FieldSchema } from "../../schema/index.ts";
import { chooseColumns, type ColumnChoice } from "./choose-columns.ts";
import { inferInput, inferOutput, type InferredField } from "./infer-field.ts";
import { namePropertiesFor } from "./property-names.ts";
import { readTable, type Column, type Table } from "./read-table.ts";
import { yamlComment, yamlText } from "./write-yaml.ts";

export interface ProposalOptions extends ColumnChoice {
  /** Task name; from the file's name when left out. */
  readonly name?: string;
  readonly base?: string;
  /** The data file's path as the task shall name it (relative to the task's folder). */
  readonly place?: string;
  /** Where the JSON Schema for editors is, relative to the task. */
  readonly schemaPath?: string;
}

export interface TaskProposal {
  /** Text of a task file, each line explained. */
  readonly yaml: string;
  /** What was decided and why, and what a person should look at. */
  readonly notes: readonly string[];
}

interface Property {
  readonly name: string;
  readonly column: Column;
  readonly field: InferredField;
}

/**
 * Looks at a CSV, TSV, JSONL or JSON file and writes the task that fits it. Throws `data-invalid`
 * when the file cannot be read, and `usage-invalid` for a column that is not there.
 */
export async function proposeTask(
  path: string,
  bytes: Uint8Array,
  options: ProposalOptions = {},
): Promise<TaskProposal> {
  const table = await readTable(path, bytes);
  const { inputs, outputs, notes } = chooseColumns(table, options);
  const input = propertiesOf(inputs, "input", inferInput, table.paired);
  const output = propertiesOf(
    outputs,
    "output",
    (column) => inferOutput(column, inputs),
    table.paired,
  );
  const file = path.split(/[\\/]/).at(-1) ?? path;
  const stem = file.replace(/\.[^.]*$/, "");
  const name = options.name ?? nameTask(stem);
  const lines = [
    ...(options.schemaPath === undefined
      ? []
      : [`# yaml-language-server: $schema=${options.schemaPath}`]),
    yamlComment(`Written by sampan init from ${file}: ${table.rows} rows.`),
    yamlComment(
      "Read it through, correct what was guessed wrong, then run: sampan check <this file>",
    ),
    "",
    `name: ${yamlText(name)}`,
    `description: ${yamlText(`${list(input)} to ${list(output)}`)}`,
    yamlComment("The model to start from. gemma-3-270m knows many languages (Gemma terms);"),
    yamlComment("smollm2-135m-instruct is smaller, English only, and Apache-2.0."),
    `base: ${yamlText(options.base ?? "gemma-3-270m")}`,
    "",
    yamlComment("What comes in."),
    ...writeObject("input", input),
    "",
    yamlComment("What goes out. Nothing else can be answered."),
    ...writeObject("output", output),
    "",
    ...writeSource(table, options.place ?? `./${file}`, stem, input, output),
    "",
    ...writeBar(table.rows),
  ];
  const advice = [
    ...adviseOn(table, [...input, ...output]),
    ...adviseLabels(inputs, outputs, table),
  ];
  return { yaml: `${lines.join("\n")}\n`, notes: [...notes, ...advice] };
}

function propertiesOf(
  columns: readonly Column[],
  fallback: string,
  infer: (column: Column) => InferredField,
  paired: boolean,
): readonly Property[] {
  const names = columns.map(({ name }) => name);
  const unnameable = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name));
  if (paired && unnameable !== undefined) {
    throw new SampanError("data-invalid", `"${unnameable}" cannot be the name of a property`, {
      hint: "Names are letters, digits, _ and -; or write flat records, whose columns can be renamed.",
    });
  }
  // Records that are {input, output} are taken as they are, so their names stand.
  const properties = paired ? names : namePropertiesFor(names, fallback);
  return columns.map((column, at) => ({
    name: properties[at] ?? column.name,
    column,
    field: infer(column),
  }));
}

function nameTask(stem: string): string {
  const name = stem
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return name === "" ? "my-task" : name.slice(0, 60);
}

function list(properties: readonly Property[]): string {
  return properties.map(({ name }) => name).join(", ");
}

function writeObject(side: string, properties: readonly Property[]): string[] {
  const required = properties.filter(({ field }) => field.absent === 0);
  const lines = [`${side}:`, "  type: object"];
  if (required.length < properties.length) {
    lines.push(
      `  ${yamlComment("These must be there; the others were empty in some rows.")}`,
      `  required: [${required.map(({ name }) => yamlText(name)).join(", ")}]`,
    );
  }
  lines.push("  properties:");
  for (const { name, column, field } of properties) {
    const absent = field.absent === 0 ? "" : `; empty in ${field.absent} rows`;
    lines.push(`    ${yamlText(name)}:`, `      ${yamlComment(`${field.why}${absent}`)}`);
    lines.push(...writeField(field.schema, "      "));
    // The column's own name helps the untouched base, and whoever reads the task.
    if (name !== column.name) lines.push(`      description: ${yamlText(column.name.trim())}`);
    if (field.shape !== undefined) {
      lines.push(
        `      ${yamlComment("All values have this shape; take away the # to allow no other:")}`,
      );
      lines.push(`      ${yamlComment(`pattern: ${yamlText(field.shape)}`)}`);
    }
  }
  return lines;
}

function writeField(schema: FieldSchema, indent: string): string[] {
  if ("enum" in schema) {
    return [`${indent}enum:`, ...schema.enum.map((label) => `${indent}  - ${yamlText(label)}`)];
  }
  if ("type" in schema && schema.type === "array") {
    return [
      `${indent}type: array`,
      `${indent}maxItems: ${schema.maxItems}`,
      `${indent}items:`,
      ...writeField(schema.items, `${indent}  `),
    ];
  }
  return Object.entries(schema).map(([key, value]) => `${indent}${key}: ${String(value)}`);
}

function writeSource(
  table: Table,
  place: string,
  name: string,
  input: readonly Property[],
  output: readonly Property[],
): string[] {
  const mapping = (side: string, properties: readonly Property[]): string[] => {
    const renamed = properties.filter((property) => property.name !== property.column.name);
    if (table.paired || renamed.length === 0) return [];
    const pairs = renamed.map(({ name: own, column }) => {
      return `      ${yamlText(own)}: ${yamlText(column.name)}`;
    });
    return [`    ${yamlComment("property: column")}`, `    ${side}:`, ...pairs];
  };
  return [
    yamlComment("Where the records are; the path starts at this file's folder."),
    "data:",
    `  - name: ${yamlText(name === "" ? "records" : name)}`,
    "    file:",
    `      places: [{ path: ${JSON.stringify(place)} }]`,
    `    reader: ${table.reader}`,
    ...mapping("input", input),
    ...mapping("output", output),
  ];
}

function writeBar(rows: number): string[] {
  // A share of a few records may be none at all; numbers are certain.
  const few = rows < 200;
  const test = few ? Math.max(1, Math.round(rows / 5)) : 0.2;
  const validation = few ? Math.max(1, Math.round(rows / 10)) : 0.1;
  return [
    yamlComment(
      "Records held out: test for the final figures, validation for stopping and thresholds.",
    ),
    yamlComment("A share (below 1) or a number of records."),
    "splits:",
    `  test: ${test}`,
    `  validation: ${validation}`,
    "",
    yamlComment("The bar: of the answers that go straight through, this share must be right,"),
    yamlComment("and this share of all must go straight through (a person does the rest)."),
    "acceptance:",
    "  accuracy: 0.9",
    "  straightThrough: 0.5",
    "",
    yamlComment("Your prices decide which model wins: put your own."),
    "prices:",
    "  currency: USD",
    `  machinePerHour: 0.1 ${yamlComment("an hour of this machine")}`,
    `  escalation: 0.5 ${yamlComment("a person does one transaction")}`,
    `  error: 2 ${yamlComment("a wrong answer that slipped through")}`,
  ];
}

function adviseOn(table: Table, properties: readonly Property[]): string[] {
  const advice: string[] = [];
  if (table.broken > 0) {
    advice.push(`${table.broken} rows cannot be read; sampan check says which.`);
  }
  if (table.rows < 200) {
    advice.push(`${table.rows} rows are few: 200 or more give figures that one can trust.`);
  }
  if (table.reader === "csv" || table.reader === "tsv") {
    const odd = table.columns.find(({ name, values }) => {
      return /^[\d.,]+$/.test(name.trim()) || name.length > 60 || values.includes(name);
    });
    if (odd !== undefined) {
      advice.push(
        `"${odd.name}" looks like a value, not like a name: does the first line name the columns?`,
      );
    }
  }
  for (const { name, field } of properties) {
    if (/are verbatim pieces/.test(field.why)) {
      advice.push(
        `${name} is almost always a piece of the input: correct the rest and set source: input.`,
      );
    }
  }
  return advice;
}

/** Inputs that have several outputs: `check` stops at more than a few of them. */
function adviseLabels(
  inputs: readonly Column[],
  outputs: readonly Column[],
  table: Table,
): string[] {
  const at = (columns: readonly Column[], row: number): string =>
    canonicalJson(columns.map(({ values }) => values[row] ?? null));
  const answers = new Map<string, string>();
  let contradictions = 0;
  for (let row = 0; row < table.rows; row++) {
    const [asked, answered] = [at(inputs, row), at(outputs, row)];
    const known = answers.get(asked);
    if (known === undefined) answers.set(asked, answered);
    else if (known !== answered) contradictions++;
  }
  if (contradictions === 0) return [];
  return [
    `${contradictions} rows ask what another row asks and answer otherwise: decide which is right, or add the column that tells them apart.`,
  ];
}
