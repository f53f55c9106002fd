import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { z } from "zod";
import { openBundle } from "../bundle/index.ts";
import { applyMap, openChainAnswerer } from "../evaluate/index.ts";
import type { JsonObject } from "../kernel/index.ts";
import type { Answerer, Deployment, DeploymentMember } from "../schema/index.ts";
import { openMember } from "./answerers/open-member.ts";
import { openWhenAsked } from "./answerers/open-when-asked.ts";
import { readDeployment } from "./answerers/read-deployment.ts";
import { defineOperation } from "./operation.ts";
import { readInput } from "./read-input.ts";

export const run = defineOperation({
  name: "run",
  summary: "answer one transaction with a bundle",
  about:
    "Answers one input within the bundle's schema, offline. Prints the output, the probability that it is right, and whether it may go straight through or should go to a person.",
  input: z.strictObject({
    bundle: z.string().describe("folder of a bundle"),
    input: z
      .string()
      .describe("the input as JSON, or a bare text where the task has one text field"),
    threads: z.int().positive().optional().describe("threads (default: all cores)"),
  }),
  positional: ["bundle", "input"],
  examples: [
    {
      line: `sampan run out/industry-code/bundle '{"text":"canned milk merchant wholesalers"}'`,
      does: "the sector, its probability, and what to do with it",
    },
  ],
  async run({ bundle: folder, input: text, threads = availableParallelism() }, { cwd, clock }) {
    const start = clock();
    const bundle = await openBundle(resolve(cwd, folder));
    const deployment = readDeployment(bundle);
    const input = readInput(text, deployment.task);
    let load = clock() - start;
    const open = async (member: DeploymentMember): Promise<Answerer> => {
      const before = clock();
      const opened = await openMember(member, deployment.task, bundle, { threads, clock });
      load += clock() - before;
      return opened;
    };
    await using answerer = openDeployment(deployment, open);
    const [answer] = await answerer.answer([input]);
    if (answer === undefined) throw new TypeError("an answerer gave no answer");
    const confidence =
      answer.output === undefined ? 0 : applyMap(deployment.confidenceMap, answer.confidence);
    // No output can never go straight through, whatever the threshold.
    const goesThrough = answer.output !== undefined && confidence >= deployment.threshold;
    const action = goesThrough ? "answer" : "escalate";
    const value = {
      output: answer.output ?? null,
      confidence,
      action,
      milliseconds: { load: Math.round(load), answer: Math.round(clock() - start - load) },
    };
    return { value, text: describe(value, deployment) };
  },
});

function describe(
  value: {
    output: JsonObject | null;
    confidence: number;
    action: string;
    milliseconds: { load: number; answer: number };
  },
  { winner, threshold }: Deployment,
): string {
  const advice =
    value.action === "answer"
      ? "goes straight through"
      : `goes to a person (below ${threshold.toFixed(3)})`;
  return [
    JSON.stringify(value.output, undefined, 2),
    `right with probability ${value.confidence.toFixed(3)}: ${advice}`,
    `${winner.label}; loaded in ${value.milliseconds.load} ms, answered in ${value.milliseconds.answer} ms`,
  ].join("\n");
}

/** All members of a deployment, each loaded when it is asked, chained where the deployment says so. */
function openDeployment(
  { members, chain, task }: Deployment,
  open: (member: DeploymentMember) => Promise<Answerer>,
): Answerer {
  const answerers = new Map(
    members.map((member) => [member.id, openWhenAsked(() => open(member))]),
  );
  const [only] = answerers.values();
  if (only === undefined) throw new TypeError("a deployment without members");
  return chain === undefined ? only : openChainAnswerer(chain, task.output, answerers);
}
