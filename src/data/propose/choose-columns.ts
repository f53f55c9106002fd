import { SampanError, suggest } from "../../kernel/index.ts";
import { inferOutput } from "./infer-field.ts";
import type { Column, Table } from "./read-table.ts";

export interface ChosenColumns {
  readonly inputs: readonly Column[];
  readonly outputs: readonly Column[];
  /** Why these, and why others were left out. */
  readonly notes: readonly string[];
}

export interface ColumnChoice {
  readonly input?: readonly string[];
  readonly output?: readonly string[];
}

/** Names that mean "this is the answer", strongest first. */
const answerNames = [
  /^(label|labels|target|answer|expected|output|gold|y)$|^(标签|答案|输出|结果|目标)$/i,
  /(label|category|categories|class|intent|sentiment|topic|sector)$|(类别|分类|意图|情感|行业|标签)$/i,
  /(type|tag|department|priority|code|status|rating|score|route|queue)$|(类型|部门|优先级|代码|状态|等级|科室)$/i,
];
const questionNames =
  /^(text|input|sentence|question|query|description|content|body|message|title|subject|address|comment|review|raw|source|original)(_|$)|(文本|内容|描述|标题|问题|输入|句子|地址|原文|评论|正文)$/i;
const idNames = /^(id|uuid|guid|index|idx|row|no|nr|#|编号|序号)$|(^|_)(id|uuid)$/i;

/** Which columns are asked and which are answered: as told, else by their names and values. */
export function chooseColumns(table: Table, choice: ColumnChoice): ChosenColumns {
  const { columns } = table;
  const told = (names: readonly string[]): Column[] => names.map((name) => find(columns, name));
  const notes: string[] = [];
  const usable = columns.filter((column) => {
    const reason = unusable(column);
    if (reason !== undefined) notes.push(`Column "${column.name}" is left out: ${reason}.`);
    return reason === undefined;
  });
  const outputs =
    choice.output === undefined
      ? guessOutputs(table, usable, choice.input ?? [], notes)
      : told(choice.output);
  const inputs =
    choice.input === undefined ? guessInputs(table, usable, outputs, notes) : told(choice.input);
  if (inputs.length > 0 && outputs.length > 0) return { inputs, outputs, notes };
  const names = columns.map(({ name }) => name).join(", ");
  const missing = inputs.length === 0 ? "input" : "output";
  const found = `no ${missing} column was found among: ${names}`;
  throw new SampanError("data-invalid", [found, ...notes].join("\n"), {
    hint: "Name them: sampan init <file> --input <columns> --output <columns>",
  });
}

function find(columns: readonly Column[], name: string): Column {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) {
    const reason = unusable(found);
    if (reason === undefined || reason === numbered) return found;
    throw new SampanError("usage-invalid", `the column "${name}" cannot be used: ${reason}`, {
      hint: "Choose another, or write a reader module beside the task.",
    });
  }
  const names = columns.map((column) => column.name);
  const near = suggest(name, names);
  throw new SampanError("usage-invalid", `there is no column "${name}"`, {
    hint: near === undefined ? `Columns: ${names.join(", ")}.` : `Did you mean "${near}"?`,
  });
}

/** Good enough when a person asks for it. */
const numbered = "it numbers the rows";

function unusable(column: Column): string | undefined {
  const present = column.values.filter((value) => value !== undefined);
  if (present.length === 0) return "it is empty";
  if (column.name.trim() === "") return "it has no name";
  if (present.some((value) => typeof value === "object" && !isTextList(value))) {
    return "it holds nested values; write a reader module for them";
  }
  if (idNames.test(column.name) && new Set(present).size === present.length) {
    return numbered;
  }
  return undefined;
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function guessOutputs(
  table: Table,
  usable: readonly Column[],
  inputs: readonly string[],
  notes: string[],
): readonly Column[] {
  if (table.paired) return usable.filter(({ side }) => side === "output");
  const candidates = usable.filter(({ name }) => !inputs.includes(name));
  for (const pattern of answerNames.slice(0, 2)) {
    const named = candidates.filter(({ name }) => pattern.test(name));
    if (named.length === 0 || named.length === usable.length) continue;
    notes.push(`${list(named)} is the answer, by its name.`);
    return named;
  }
  const source = longestText(usable, inputs);
  const copied = candidates.filter((column) => {
    if (source === undefined || column === source) return false;
    const { schema } = inferOutput(column, [source]);
    return "source" in schema && schema.source === "input";
  });
  if (source !== undefined && copied.length > 0) {
    const rest = candidates.filter((column) => column !== source);
    notes.push(`"${source.name}" is asked: the values of ${list(copied)} are pieces of it.`);
    return rest;
  }
  const weak = candidates.filter(
    ({ name }) => answerNames[2]?.test(name) === true && !questionNames.test(name),
  );
  const closed = candidates.filter((column) => "enum" in inferOutput(column, []).schema);
  const last = weak.at(-1) ?? closed.at(-1) ?? candidates.at(-1);
  if (last === undefined) return [];
  const why = weak.includes(last)
    ? "by its name"
    : closed.includes(last)
      ? "because it has few different values"
      : "because it is the last column";
  notes.push(`"${last.name}" is taken for the answer, ${why}; say --output to choose others.`);
  return [last];
}

function longestText(columns: readonly Column[], inputs: readonly string[]): Column | undefined {
  const pool = inputs.length > 0 ? columns.filter(({ name }) => inputs.includes(name)) : columns;
  const lengths = pool.map((column) => ({ column, length: textLength(column) }));
  return lengths.sort((a, b) => b.length - a.length).find(({ length }) => length > 0)?.column;
}

function textLength(column: Column): number {
  return column.values.reduce<number>((total, value) => {
    return total + (typeof value === "string" ? value.length : 0);
  }, 0);
}

function guessInputs(
  table: Table,
  usable: readonly Column[],
  outputs: readonly Column[],
  notes: string[],
): readonly Column[] {
  if (table.paired) return usable.filter(({ side }) => side === "input");
  const rest = usable.filter((column) => !outputs.includes(column));
  const spans = outputs.some((output) => {
    const { schema } = inferOutput(output, rest);
    return "source" in schema;
  });
  const named = rest.filter(({ name }) => questionNames.test(name));
  const kept = spans && named.length === 0 ? rest.slice(0, 1) : rest;
  return kept.filter((column) => {
    if (isConstant(column)) {
      notes.push(`Column "${column.name}" is left out: it is the same in every row.`);
      return false;
    }
    const output = outputs.find((candidate) => sayTheSame(column, candidate));
    if (output === undefined) return true;
    notes.push(
      `Column "${column.name}" is left out: each of its values stands for one "${output.name}", so it would tell the answer.`,
    );
    return false;
  });
}

function isConstant(column: Column): boolean {
  return column.values.length > 1 && new Set(column.values).size === 1;
}

/** Whether two columns of few values are two names for one thing. */
function sayTheSame(a: Column, b: Column): boolean {
  const pairs = new Set<string>();
  const left = new Set<string>();
  const right = new Set<string>();
  for (const [row, value] of a.values.entries()) {
    const [one, other] = [JSON.stringify(value), JSON.stringify(b.values[row])];
    pairs.add(JSON.stringify([one, other]));
    left.add(one ?? "");
    right.add(other ?? "");
  }
  const repeats = left.size * 2 <= a.values.length && left.size > 1;
  return repeats && pairs.size === left.size && pairs.size === right.size;
}

function list(columns: readonly Column[]): string {
  return columns.map(({ name }) => `"${name}"`).join(", ");
}
