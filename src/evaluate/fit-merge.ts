import type { Answer, MergeMap, ObjectSchema } from "../schema/index.ts";
import { fitLogit } from "./fit-logit.ts";
import { mergeAnswers, mergeFeatures } from "./run-chain.ts";

/** Both members' calibrated answers to one validation record. */
export interface AnswerPair {
  readonly before: Answer;
  readonly after: Answer;
  readonly isRight: (answer: Answer) => boolean;
}

/** Before the data speak, the surer answer is believed as it is and the other says nothing. */
const prior = [1, 0, 0, 0];

/**
 * Learns on validation how sure to be of two members' merged answer: agreement of unlike members
 * speaks for it, a sure contradiction against it.
 */
export function fitMerge(pairs: readonly AnswerPair[], output: ObjectSchema): MergeMap {
  const both = pairs.filter(
    ({ before, after }) => before.output !== undefined && after.output !== undefined,
  );
  const rows = both.map(({ before, after }) => [...mergeFeatures(before, after, output), 1]);
  const start = { own: 1, other: 0, agreement: 0, offset: 0 };
  const right = both.map(({ before, after, isRight }) =>
    isRight(mergeAnswers(before, after, start, output)),
  );
  const [own = 1, other = 0, agreement = 0, offset = 0] = fitLogit(rows, right, {
    prior,
    strength: 1,
  });
  // A merged confidence that falls as its own answer gets surer would be noise, not evidence.
  return own >= 0 && other >= 0 ? { own, other, agreement, offset } : start;
}
