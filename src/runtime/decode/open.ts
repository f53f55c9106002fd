import type { Tokenizer } from "../../schema/index.ts";
import type { AnswerRequest, Decoded } from "../answer.ts";
import type { Program } from "../program.ts";
import { softmax } from "./softmax.ts";
import type { Walk } from "./walk.ts";

/**
 * Greedy decoding under a grammar: forced text is fed together with the next decision, a decision is
 * made among the tokens the grammar allows there, and nothing is evaluated once the rest is settled.
 * An answer that cannot be finished (within `mostTokens`) has confidence 0.
 */
export function* decodeOpen(
  request: AnswerRequest,
  walk: Walk,
  tokenizer: Tokenizer,
  mostTokens: number,
): Program<Decoded> {
  let place = walk.begin(mostTokens);
  let [keep, evaluations, confidence, margin] = [0, 0, 1, 1];
  while (place.kind === "decision") {
    const said = [...request.prompt, ...place.tokens];
    const scores = yield { keep, add: said.slice(keep), wanted: place.wanted };
    keep = said.length;
    evaluations++;
    const [first = 0, second = 0] = softmax(scores);
    confidence *= first;
    margin = Math.min(margin, first - second);
    place = walk.choose(place, scores[0]?.id, mostTokens);
  }
  const { tokens } = place;
  return {
    text: Buffer.concat(tokens.map((id) => tokenizer.bytes(id))).toString("utf8"),
    tokens,
    confidence: place.kind === "complete" ? confidence : 0,
    margin,
    tokensIn: request.prompt.length,
    tokensOut: tokens.length,
    evaluations,
  };
}
