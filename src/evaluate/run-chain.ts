import type { Answer, ChainRule, MergeMap, ObjectSchema } from "../schema/index.ts";
import { applyMap, logit, sigmoid } from "./confidence-map.ts";
import { sameOutput } from "./judge.ts";
import { poolAnswers } from "./pool-answers.ts";

/** What a chain does next: ask a member, or give its answer. */
export type ChainMove =
  | { readonly kind: "ask"; readonly member: string }
  | { readonly kind: "answer"; readonly answer: Answer };

/**
 * The next move of a chain whose first members gave `answers`, in the order of its steps. Pure: the
 * same function evaluates a chain on stored answers and serves it on live ones.
 */
export function nextMove(
  rule: ChainRule,
  answers: readonly Answer[],
  output: ObjectSchema,
): ChainMove {
  let merged: Answer | undefined;
  for (const [i, { member, map, merge, stopAt }] of rule.steps.entries()) {
    const answer = answers[i];
    if (answer === undefined) return { kind: "ask", member };
    const own = calibrated(answer, map);
    merged = merged === undefined ? own : mergeAnswers(merged, own, merge, output);
    if (merged.output !== undefined && merged.confidence >= stopAt) break;
  }
  if (merged === undefined) throw new RangeError("a chain has at least one step");
  return { kind: "answer", answer: merged };
}

/** Runs a chain to its answer, asking members only as far as needed. */
export function runChain(
  rule: ChainRule,
  output: ObjectSchema,
  ask: (member: string) => Answer,
): Answer {
  const answers: Answer[] = [];
  for (;;) {
    const move = nextMove(rule, answers, output);
    if (move.kind === "answer") return move.answer;
    answers.push(ask(move.member));
  }
}

function calibrated(answer: Answer, map: ChainRule["steps"][number]["map"]): Answer {
  return {
    ...answer,
    confidence: answer.output === undefined ? 0 : applyMap(map, answer.confidence),
  };
}

/**
 * One answer of two calibrated ones, time and tokens added: the pool's best output, or the surer one (the
 * earlier on a tie).
 */
export function mergeAnswers(
  before: Answer,
  after: Answer,
  merge: MergeMap | undefined,
  output: ObjectSchema,
): Answer {
  const spent = {
    milliseconds: before.milliseconds + after.milliseconds,
    tokensIn: before.tokensIn + after.tokensIn,
    tokensOut: before.tokensOut + after.tokensOut,
  };
  if (merge === undefined) return { ...after, ...spent };
  if (before.output === undefined) return { ...after, ...spent };
  if (after.output === undefined) return { ...before, ...spent };
  if (merge.kind === "pool") return { ...after, ...poolAnswers(before, after, merge), ...spent };
  const surer = after.confidence > before.confidence ? after : before;
  const [own = 0, other = 0, agreement = 0] = mergeFeatures(before, after, output);
  const score = merge.own * own + merge.other * other + merge.agreement * agreement + merge.offset;
  return { ...surer, ...spent, confidence: sigmoid(score) };
}

/** Log-odds of the surer answer, of the other (negative when they differ), and whether they agree. */
export function mergeFeatures(before: Answer, after: Answer, output: ObjectSchema): number[] {
  const [low, high] = [before.confidence, after.confidence].sort((a, b) => a - b);
  const agree = sameOutput(before.output, after.output, output);
  const other = logit(low ?? 0);
  return [logit(high ?? 0), agree ? other : -other, agree ? 1 : 0];
}
