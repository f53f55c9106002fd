import { z } from "zod";
import type { Json } from "../../kernel/index.ts";
import { SampanError, suggest } from "../../kernel/index.ts";
import { findTerm, termIds } from "../../planner/index.ts";
import { termSchema, type Constant, type Term } from "../../schema/index.ts";
import { defineOperation } from "../operation.ts";
import { readPlanFile } from "./read-cluster.ts";

const keptSchema = z.looseObject({ term: termSchema });

export const planExplain = defineOperation({
  name: "plan explain",
  summary: "the sum behind a number of a plan, down to the source of each constant",
  about:
    "Prints a term of a plan that was kept with --out: its law in words, the terms it sums, and each constant with its range, how sure it is, its source and date.",
  input: z.strictObject({
    plan: z.string().describe("file that plan train --out wrote"),
    term: z
      .string()
      .optional()
      .describe("id of a term, e.g. step.products; the root when left out"),
  }),
  positional: ["plan", "term"],
  examples: [
    { line: "sampan plan explain plan.json", does: "the root, and which terms there are" },
    { line: "sampan plan explain plan.json step.products", does: "time of matrix products" },
  ],
  async run({ plan, term: id }, { cwd }) {
    const { term: root } = await readPlanFile(plan, keptSchema, "plan kept with --out", cwd);
    const term = id === undefined ? root : findTerm(root, id);
    if (term === undefined) throw unknownTerm(id ?? "", root);
    return { value: { term: JSON.parse(JSON.stringify(term)) as Json }, text: describeTerm(term) };
  },
});

function unknownTerm(id: string, root: Term): SampanError {
  const ids = termIds(root);
  const near = suggest(id, ids);
  return new SampanError("not-found", `the plan has no term "${id}"`, {
    hint: near === undefined ? `Terms: ${ids.join(", ")}.` : `Did you mean ${near}?`,
  });
}

function describeTerm(term: Term): string {
  const range =
    term.low === undefined || term.high === undefined
      ? ""
      : `  (80 %: ${figure(term.low)} to ${figure(term.high)} ${term.unit})`;
  return [
    `${term.id}: ${term.label}`,
    `  = ${figure(term.value)} ${term.unit}${range}`,
    `  ${term.formula}`,
    ...(term.children.length === 0 ? [] : ["", "from:"]),
    ...term.children.map(
      ({ id, value, unit, label }) =>
        `  ${id.padEnd(24)}${figure(value).padStart(12)} ${unit.padEnd(4)} ${label}`,
    ),
    ...(term.constants.length === 0 ? [] : ["", "constants:"]),
    ...term.constants.flatMap(describeConstant),
  ].join("\n");
}

function describeConstant({
  name,
  value,
  unit,
  low,
  high,
  provenance,
  source,
  date,
}: Constant): string[] {
  const range =
    low === undefined || high === undefined ? "" : ` (${figure(low)} to ${figure(high)})`;
  return [`  ${name}`, `      ${figure(value)} ${unit}${range}; ${provenance}, ${date}: ${source}`];
}

function figure(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e6 ? `${value}` : value.toPrecision(4);
}
