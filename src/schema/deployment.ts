import { z } from "zod";
import { chainRuleSchema, confidenceMapSchema } from "./chain.ts";
import { objectSchema } from "./value.ts";

const shotSchema = z.strictObject({
  input: z.record(z.string(), z.json()),
  output: z.record(z.string(), z.json()),
});

/** One variant a deployment asks: how it answers, and its file in the bundle. */
export const memberSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("classical"), id: z.string(), file: z.string() }),
  z.strictObject({ kind: z.literal("tuned"), id: z.string(), file: z.string() }),
  z.strictObject({
    kind: z.literal("base"),
    id: z.string(),
    file: z.string(),
    /** Worked examples shown in the prompt. */
    shots: z.array(shotSchema).max(64),
  }),
]);

/** `deployment.json` of a bundle: all that is needed to answer a transaction as it was evaluated. */
export const deploymentSchema = z.strictObject({
  task: z.strictObject({
    name: z.string(),
    description: z.string(),
    input: objectSchema,
    output: objectSchema,
  }),
  winner: z.strictObject({ id: z.string(), label: z.string() }),
  members: z.array(memberSchema).min(1).max(8),
  /** How members work together; left out when there is one. */
  chain: chainRuleSchema.optional(),
  /** From the answer's own confidence to the probability of being right. */
  confidenceMap: confidenceMapSchema,
  /** Answers below this probability go to a person. */
  threshold: z.number(),
});

export type Deployment = z.infer<typeof deploymentSchema>;
export type DeploymentMember = z.infer<typeof memberSchema>;
