import type { JsonObject } from "../kernel/index.ts";
import { SampanError } from "../kernel/index.ts";
import type { Answer, Answerer, ChainRule, ObjectSchema } from "../schema/index.ts";
import { nextMove } from "./run-chain.ts";

/**
 * Serves a chain behind the port that every variant answers through: each member gets, in one batch,
 * the inputs that the members before it were not sure of. Owns its members and disposes of them.
 */
export function openChainAnswerer(
  rule: ChainRule,
  output: ObjectSchema,
  members: ReadonlyMap<string, Answerer>,
): Answerer {
  return {
    async answer(inputs: readonly JsonObject[]): Promise<readonly Answer[]> {
      const answers: Answer[][] = inputs.map(() => []);
      for (const { member } of rule.steps) {
        const waiting = inputs.flatMap((input, i) => {
          const move = nextMove(rule, answers[i] ?? [], output);
          return move.kind === "ask" ? [{ input, i }] : [];
        });
        if (waiting.length === 0) break;
        const answerer = members.get(member);
        if (answerer === undefined) throw missingMember(member, [...members.keys()]);
        const given = await answerer.answer(waiting.map(({ input }) => input));
        for (const [k, { i }] of waiting.entries()) {
          const answer = given[k];
          if (answer !== undefined) answers[i]?.push(answer);
        }
      }
      return answers.map((given) => {
        const move = nextMove(rule, given, output);
        if (move.kind === "answer") return move.answer;
        throw missingMember(move.member, [...members.keys()]);
      });
    },
    async [Symbol.asyncDispose]() {
      for (const member of members.values()) await member[Symbol.asyncDispose]();
    },
  };
}

function missingMember(member: string, known: readonly string[]): SampanError {
  return new SampanError(
    "internal",
    `the chain's member ${member} gave no answer (members: ${known.join(", ")})`,
    {
      hint: "A chain needs every one of its members; build the task again.",
    },
  );
}
