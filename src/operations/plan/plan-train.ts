import { resolve } from "node:path";
import { z } from "zod";
import { writeAtomically } from "../../disk/index.ts";
import type { Json } from "../../kernel/index.ts";
import { planTraining } from "../../planner/index.ts";
import { defineOperation } from "../operation.ts";
import { describeTraining } from "./describe-training.ts";
import { openCatalogue, openEfficiency } from "./open-catalogue.ts";
import { openTrainingJob, trainShape } from "./train-input.ts";

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
  }),
  positional: [],
  examples: [
    {
      line: "sampan plan train --model llama-3.1-8b --cluster examples/plans/h100-x64.yaml --tokens 2e12 --out plan.json",
      does: "time, memory and cost of two trillion tokens on 64 H100",
    },
  ],
  async run({ out, ...input }, { cwd }) {
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
    if (out !== undefined)
      writeAtomically(resolve(cwd, out), [`${JSON.stringify(value, undefined, 1)}\n`]);
    const text = describeTraining(opened, answer);
    return { value, text, ...(answer.feasibility.kind === "feasible" ? {} : { exit: 6 }) };
  },
});
