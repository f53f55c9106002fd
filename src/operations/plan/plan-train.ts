import { resolve } from "node:path";
import { z } from "zod";
import { writeAtomically } from "../../disk/index.ts";
import type { Json } from "../../kernel/index.ts";
import { choosePlan, planTraining, type TrainingAnswer } from "../../planner/index.ts";
import { renderPlan } from "../../report/index.ts";
import { sampanVersion } from "../build/machine.ts";
import { defineOperation } from "../operation.ts";
import { describePlan, describeTraining } from "./describe-training.ts";
import { openCatalogue, openEfficiency } from "./open-catalogue.ts";
import { openTrainingJob, trainShape, type OpenedJob } from "./train-input.ts";
import { trainReport } from "./train-report.ts";

export const planTrain = defineOperation({
  name: "plan train",
  summary: "how long a training job takes on a cluster, and where the time goes",
  about:
    "Predicts the time of a training run, its memory by kind, its cost, and what binds it, with an 80 % interval. Every number can be followed to its constants with plan explain.",
  input: z.strictObject({
    ...trainShape,
    out: z
      .string()
      .optional()
      .describe("file to keep the plan in, for plan explain and plan compare"),
    report: z
      .string()
      .optional()
      .describe("file for a page with plots and the source of each number"),
  }),
  positional: [],
  examples: [
    {
      line: "sampan plan train --model llama-3.1-8b --cluster examples/plans/h100-x64.yaml --tokens 2e12 --out plan.json",
      does: "time, memory and cost of two trillion tokens on 64 H100",
    },
    {
      line: "sampan plan train --model ./config.json --cluster cluster.yaml --plan degrees.yaml --report plan.html",
      does: "your own model, cluster and degrees, as a page",
    },
  ],
  async run({ out, report, ...input }, { cwd, now }) {
    const catalogue = openCatalogue();
    const efficiency = openEfficiency();
    const opened = await openTrainingJob(input, catalogue, efficiency, cwd);
    const answer = planTraining(opened.job);
    const { term, ...figures } = answer;
    // Figures and terms are plain data; `undefined` members have no JSON form.
    const value = JSON.parse(
      JSON.stringify({
        model: opened.model.name,
        cluster: opened.cluster.name,
        plan: opened.job.setup.plan,
        ...figures,
        term,
      }),
    ) as { readonly [key: string]: Json };
    if (out !== undefined) {
      writeAtomically(resolve(cwd, out), [`${JSON.stringify(value, undefined, 1)}\n`]);
    }
    if (report !== undefined) {
      const made = {
        sampanVersion: sampanVersion(),
        date: new Date(now()).toISOString().slice(0, 10),
      };
      writeAtomically(resolve(cwd, report), [await renderPlan(trainReport(opened, answer, made))]);
    }
    const text = [describeTraining(opened, answer), ...nearestFit(opened, answer)].join("\n");
    return { value, text, ...(answer.feasibility.kind === "feasible" ? {} : { exit: 6 }) };
  },
});

/** Where a plan cannot run: the quickest of a coarse grid that can, with the same batch and recipe. */
function nearestFit({ job }: OpenedJob, { feasibility }: TrainingAnswer): string[] {
  if (feasibility.kind === "feasible") return [];
  const best = choosePlan(job.setup, job.available, job.circumstances, job.efficiency.table);
  return best === undefined
    ? ["No plan of a coarse grid fits either: use more accelerators or a shorter sequence."]
    : [`A plan that fits: ${describePlan(best.plan)}, ${best.seconds.toPrecision(3)} s a step`];
}
