import type { Answer, ObjectSchema, SurerMap } from "../schema/index.ts";
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
/** Evidence that may not count against the answer: its own log-odds, the other's, agreement. */
const onlyFor = [0, 1, 2];

/**
 * Learns on validation how sure to be of two members' merged answer: agreement of unlike members
 * speaks for it, a sure contradiction against it. A weight that comes out negative is noise of a
 * small sample: it is held at 0 and the rest is learned again.
 */
export function fitMerge(pairs: readonly AnswerPair[], output: ObjectSchema): SurerMap {
  const both = pairs.filter(
    ({ before, after }) => before.output !== undefined && after.output !== undefined,
  );
  const rows = both.map(({ before, after }) => [...mergeFeatures(before, after, output), 1]);
  const start = { kind: "surer", own: 1, other: 0, agreement: 0, offset: 0 } as const;
  const right = both.map(({ before, after, isRight }) =>
    isRight(mergeAnswers(before, after, start, output)),
  );
  let kept = [0, 1, 2, 3];
  for (;;) {
    const fitted = fitLogit(
      rows.map((row) => kept.map((column) => row[column] ?? 0)),
      right,
      { prior: kept.map((column) => prior[column] ?? 0), strength: 1 },
    );
    const against = kept.find((column, i) => onlyFor.includes(column) && (fitted[i] ?? 0) < 0);
    if (against === undefined) {
      const weightOf = (column: number): number => fitted[kept.indexOf(column)] ?? 0;
      return {
        kind: "surer",
        own: weightOf(0),
        other: weightOf(1),
        agreement: weightOf(2),
        offset: weightOf(3),
      };
    }
    kept = kept.filter((column) => column !== against);
  }
}
