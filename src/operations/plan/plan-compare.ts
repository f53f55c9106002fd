import { z } from "zod";
import type { Json } from "../../kernel/index.ts";
import { termSchema, type Term } from "../../schema/index.ts";
import { defineOperation } from "../operation.ts";
import { readPlanFile } from "./read-cluster.ts";

const keptSchema = z.looseObject({ term: termSchema });

/** One term in two plans; a side is undefined where its plan has no such term. */
interface Difference {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly left: number | undefined;
  readonly right: number | undefined;
}

export const planCompare = defineOperation({
  name: "plan compare",
  summary: "which terms of two plans differ, and by how much",
  about:
    "Compares two plans that were kept with --out, term by term: what each has, the difference, and the largest differences first under each root.",
  input: z.strictObject({
    left: z.string().describe("a plan kept with --out"),
    right: z.string().describe("another"),
  }),
  positional: ["left", "right"],
  examples: [
    { line: "sampan plan compare h100.json ascend.json", does: "where the time of both goes" },
  ],
  async run({ left, right }, { cwd }) {
    const one = await readPlanFile(left, keptSchema, "plan kept with --out", cwd);
    const other = await readPlanFile(right, keptSchema, "plan kept with --out", cwd);
    const differences = compareTerms(one.term, other.term);
    const text = [
      `left   ${left}: ${one.term.label}`,
      `right  ${right}: ${other.term.label}`,
      "",
      "term".padEnd(26) +
        "left".padStart(11) +
        "right".padStart(11) +
        "difference".padStart(12) +
        "   right / left",
      ...differences.map(lineOf),
    ].join("\n");
    const value = { differences: JSON.parse(JSON.stringify(differences)) as Json };
    return { value, text };
  },
});

/** All terms of both trees: each root before its parts, parts by the size of their difference. */
export function compareTerms(
  left: Term | undefined,
  right: Term | undefined,
): readonly Difference[] {
  const either = left ?? right;
  if (either === undefined) return [];
  const ids = new Set([...(left?.children ?? []), ...(right?.children ?? [])].map(({ id }) => id));
  const parts = [...ids]
    .map((id) => [childOf(left, id), childOf(right, id)] as const)
    .sort((a, b) => gapOf(b) - gapOf(a));
  return [
    {
      id: either.id,
      label: either.label,
      unit: either.unit,
      left: left?.value,
      right: right?.value,
    },
    ...parts.flatMap(([one, other]) => compareTerms(one, other)),
  ];
}

function childOf(term: Term | undefined, id: string): Term | undefined {
  return term?.children.find((child) => child.id === id);
}

function gapOf([left, right]: readonly [Term | undefined, Term | undefined]): number {
  return Math.abs((left?.value ?? 0) - (right?.value ?? 0));
}

function lineOf({ id, unit, left, right }: Difference): string {
  const gap = (right ?? 0) - (left ?? 0);
  const ratio =
    left === undefined || left === 0 || right === undefined ? "" : (right / left).toFixed(2);
  const cells = [
    id.padEnd(26),
    figure(left, unit).padStart(11),
    figure(right, unit).padStart(11),
    `${gap >= 0 ? "+" : ""}${figure(gap, unit)}`.padStart(12),
    ratio.padStart(9),
  ];
  return cells.join("").trimEnd();
}

function figure(value: number | undefined, unit: string): string {
  if (value === undefined) return "-";
  if (unit === "B") return `${(value / 2 ** 30).toFixed(2)} GiB`;
  return `${value.toPrecision(4)} ${unit}`;
}
