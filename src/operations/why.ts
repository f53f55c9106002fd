import { z } from "zod";
import { SampanError, suggest } from "../kernel/index.ts";
import { Ledger } from "../ledger/index.ts";
import { findRun } from "./find-run.ts";
import { defineOperation } from "./operation.ts";
import { formatFigure } from "./show.ts";

export const why = defineOperation({
  name: "why",
  summary: "trace a figure of a report back to its measurement and inputs",
  about:
    "From a figure's id (each figure of a report carries one) to the sum behind it, the stage that measured it, and the digests of everything that stage read.",
  input: z.strictObject({
    number: z.string().describe("id of a figure, e.g. tuned-q8_0.cost"),
    run: z.string().optional().describe("id of a build or its beginning; the newest when left out"),
  }),
  positional: ["number"],
  examples: [{ line: "sampan why tuned-q8_0.cost", does: "how the cost came about" }],
  async run({ number: id, run: prefix }, { home }) {
    using ledger = new Ledger(home);
    const run = findRun(ledger, prefix);
    const numbers = ledger.numbers(run.id);
    const number = numbers.find((row) => row.id === id);
    if (number === undefined) {
      const near = suggest(
        id,
        numbers.map((row) => row.id),
      );
      throw new SampanError("not-found", `build ${run.id} has no figure "${id}"`, {
        hint:
          numbers.length === 0
            ? `It is ${run.status} and has none: give a finished build of "sampan runs" with --run.`
            : near === undefined
              ? `"sampan show ${run.id}" lists them.`
              : `Did you mean ${near}?`,
      });
    }
    const stages = ledger.stages(run.id);
    const trail = traceInputs(stages, number.stage);
    const text = [
      `${id} = ${formatFigure(number.value)} ${number.unit}`,
      `  ${number.formula}`,
      ...Object.entries(number.terms).map(
        ([name, term]) => `    ${name} = ${JSON.stringify(term)}`,
      ),
      "measured by, and from:",
      ...trail,
      `build ${run.id}, ${run.started}, ${run.command}`,
    ].join("\n");
    return {
      value: {
        id,
        value: number.value ?? null,
        unit: number.unit,
        formula: number.formula,
        terms: number.terms,
        trail,
        run: run.id,
      },
      text,
    };
  },
});

/** The stage, then the stages whose digests it read, down to the files. */
function traceInputs(stages: ReturnType<Ledger["stages"]>, name: string): string[] {
  const lines: string[] = [];
  const seen = new Set<string>();
  const visit = (stageName: string, depth: number): void => {
    const stage = stages.find((row) => row.name === stageName);
    if (stage === undefined || seen.has(stageName)) return;
    seen.add(stageName);
    const pad = "  ".repeat(depth + 1);
    lines.push(`${pad}${stage.name}: key ${stage.key}`, `${pad}  digest ${stage.digest}`);
    for (const [role, digest] of Object.entries(stage.inputs)) {
      const maker = stages.find((row) => row.digest === digest);
      if (maker) visit(maker.name, depth + 1);
      else lines.push(`${pad}  ${role}: ${JSON.stringify(digest)}`);
    }
  };
  visit(name, 0);
  return lines;
}
