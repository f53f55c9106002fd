import { resolve } from "node:path";
import { z } from "zod";
import { writeAtomically } from "../../disk/index.ts";
import type { Json } from "../../kernel/index.ts";
import { planServing } from "../../planner/serving/index.ts";
import { defineOperation } from "../operation.ts";
import { describeServing } from "./describe-serving.ts";
import { openService, serveShape } from "./serve-input.ts";

export const planServe = defineOperation({
  name: "plan serve",
  summary: "how many accelerators a service needs, and how quickly it answers",
  about:
    "Predicts time to the first token, time per token and throughput of a model under a traffic, by a closed form and by a seeded simulation of the scheduler, and finds the fewest replicas that keep the bounds. Every number can be followed to its constants with plan explain.",
  input: z.strictObject({
    ...serveShape,
    out: z
      .string()
      .optional()
      .describe("file to keep the plan in, for plan explain and plan compare"),
  }),
  positional: [],
  examples: [
    {
      line: 'sampan plan serve --model llama-3.1-8b --cluster examples/plans/h100-x64.yaml --traffic examples/plans/chat-traffic.yaml --slo "ttft<1s,tpot<50ms"',
      does: "replicas of an 8 B model for 20 requests a second",
    },
  ],
  async run({ out, ...input }, { cwd }) {
    const opened = await openService(input, cwd);
    const answer = planServing(opened.job);
    const { setup } = opened.job;
    // Figures and terms are plain data; `undefined` members have no JSON form.
    const value = JSON.parse(
      JSON.stringify({
        model: opened.model.name,
        cluster: opened.cluster.name,
        plan: {
          tensor: setup.tensor,
          weights: setup.weights,
          cache: setup.cache,
          passTokens: setup.passTokens,
          maxSequences: setup.maxSequences,
          software: opened.job.circumstances.software,
        },
        ...answer,
      }),
    ) as { readonly [key: string]: Json };
    if (out !== undefined) {
      writeAtomically(resolve(cwd, out), [`${JSON.stringify(value, undefined, 1)}\n`]);
    }
    const text = describeServing(opened, answer);
    return { value, text, ...(answer.feasibility.kind === "feasible" ? {} : { exit: 6 }) };
  },
});
