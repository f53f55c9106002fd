import { mean, quantile } from "../kernel/index.ts";
import type {
  Answer,
  ChainRule,
  Judged,
  Measurement,
  ObjectSchema,
  Resources,
} from "../schema/index.ts";
import { coarseSecondsOf, type AssessTerms } from "./assess.ts";
import { chooseThreshold, isBetter, neverAlone, type ThresholdChoice } from "./choose-threshold.ts";
import { applyMap, fitCalibration } from "./confidence-map.ts";
import { fitMerge } from "./fit-merge.ts";
import { fitPool } from "./fit-pool.ts";
import { judge } from "./judge.ts";
import { outcomesOf } from "./outcome.ts";
import { mergeAnswers, runChain } from "./run-chain.ts";

/** A chain that can be assessed like any variant, and served by its rule. */
export interface BuiltChain {
  readonly rule: ChainRule;
  readonly measurement: Measurement;
}

/** Chains returned at most: every one more makes the cheapest look better than it is. */
const maxChains = 12;

/**
 * Chains of two, and of three unlike kinds, from cheap to dear. What a chain learns (calibration,
 * merging, where to stop) it learns on validation; its test answers are those its rule gives.
 */
export function buildChains(
  measurements: readonly Measurement[],
  terms: AssessTerms,
): BuiltChain[] {
  const members = chainable(measurements);
  const unlike = new Set(members.map(({ variant }) => variant.kind)).size > 1;
  const pairs = members.flatMap((first, i) =>
    members
      .slice(i + 1)
      // Two precisions of one adapter err alike: they are chained only when there is nothing else.
      .filter((second) => !unlike || second.variant.kind !== first.variant.kind)
      .map((second) => extend(startChain(first), second, terms)),
  );
  const triples = pairs.flatMap((pair) =>
    members
      .filter(({ variant }) => !pair.members.some((member) => member.variant.kind === variant.kind))
      .filter((third) => coarseSecondsOf(third) > Math.max(...pair.members.map(coarseSecondsOf)))
      .map((third) => extend(pair, third, terms)),
  );
  return [...pairs, ...triples].slice(0, maxChains).map((chain) => finish(chain, terms.output));
}

/** Variants judged on validation and on all test records, the fastest first. */
function chainable(measurements: readonly Measurement[]): Measurement[] {
  const most = Math.max(...measurements.map(({ test }) => test.length), 0);
  return measurements
    .filter(
      ({ variant, validation, test }) =>
        variant.kind !== "chain" && validation.length > 0 && test.length === most,
    )
    .sort(
      (a, b) => coarseSecondsOf(a) - coarseSecondsOf(b) || (a.variant.id < b.variant.id ? -1 : 1),
    );
}

interface Draft {
  readonly members: readonly Measurement[];
  readonly steps: ChainRule["steps"];
}

function startChain(first: Measurement): Draft {
  const map = fitCalibration(first.validation);
  return { members: [first], steps: [{ member: first.variant.id, map, stopAt: 0 }] };
}

/** Adds a member behind a chain: learns how to merge it, then where the chain before it may stop. */
function extend(before: Draft, last: Measurement, terms: AssessTerms): Draft {
  const { output } = terms;
  const map = fitCalibration(last.validation);
  const earlier = judgeChain(before, "validation", output);
  const pairs = earlier.map((judged, i) => {
    const second = last.validation[i] ?? judged;
    const answer = second.answer;
    const confidence = answer.output === undefined ? 0 : applyMap(map, answer.confidence);
    const isRight = (given: Answer): boolean => judge(judged.record, given, output).correct;
    return { before: judged.answer, after: { ...answer, confidence }, isRight };
  });
  const merge = fitPool(pairs) ?? fitMerge(pairs, output);
  const merged = pairs.map(({ before: first, after }, i): Judged => {
    const record = earlier[i]?.record ?? { id: "", input: {}, output: {}, group: "", place: "" };
    return judge(record, mergeAnswers(first, after, merge, output), output);
  });
  const members = [...before.members, last];
  const stopAt = chooseStop(earlier, merged, members, terms);
  const steps = before.steps.map((step, i) =>
    i === before.steps.length - 1 ? { ...step, stopAt } : step,
  );
  return { members, steps: [...steps, { member: last.variant.id, map, merge, stopAt: 0 }] };
}

/** The stop before the last member that, with the best threshold after it, is expected to cost least. */
function chooseStop(
  earlier: readonly Judged[],
  merged: readonly Judged[],
  members: readonly Measurement[],
  terms: AssessTerms,
): number {
  const last = members.at(-1);
  const beforeSeconds = members
    .slice(0, -1)
    .reduce((total, member) => total + coarseSecondsOf(member), 0);
  const sorted = earlier.map(({ answer }) => answer.confidence).sort((a, b) => a - b);
  const stops = Array.from({ length: 41 }, (_, k) =>
    k === 40 ? neverAlone : quantile(sorted, k / 40),
  );
  let best: { readonly stopAt: number; readonly choice: ThresholdChoice } | undefined;
  for (const stopAt of new Set(stops)) {
    const chain = earlier.map((judged, i) =>
      judged.answer.output !== undefined && judged.answer.confidence >= stopAt
        ? judged
        : (merged[i] ?? judged),
    );
    const asked = earlier.filter((judged, i) => chain[i] !== judged).length / earlier.length;
    const choice = chooseThreshold(outcomesOf(chain, { kind: "logit", slope: 1, offset: 0 }), {
      prices: terms.prices,
      acceptance: terms.acceptance,
      secondsPerTransaction:
        beforeSeconds + asked * (last === undefined ? 0 : coarseSecondsOf(last)),
      testRecords: members[0]?.test.length ?? 0,
    });
    if (best === undefined || isBetter(choice, best.choice)) best = { stopAt, choice };
  }
  return best?.stopAt ?? neverAlone;
}

function judgeChain(
  { members, steps }: Draft,
  split: "validation" | "test",
  output: ObjectSchema,
): Judged[] {
  const rule: ChainRule = { kind: "chain", steps };
  return (members[0]?.[split] ?? []).map(({ record }, i) =>
    judge(
      record,
      runChain(rule, output, (id) => {
        const member = members.find(({ variant }) => variant.id === id);
        return member?.[split][i]?.answer ?? noAnswer;
      }),
      output,
    ),
  );
}

const noAnswer: Answer = {
  output: undefined,
  confidence: 0,
  milliseconds: 0,
  tokensIn: 0,
  tokensOut: 0,
};

function finish(chain: Draft, output: ObjectSchema): BuiltChain {
  const { members, steps } = chain;
  const rule: ChainRule = { kind: "chain", steps };
  const ids = members.map(({ variant }) => variant.id);
  const test = judgeChain(chain, "test", output);
  return {
    rule,
    measurement: {
      variant: {
        id: `chain:${ids.join("+")}`,
        label: members.map(({ variant }) => variant.label).join(", then "),
        kind: "chain",
        members: ids,
      },
      validation: judgeChain(chain, "validation", output),
      test,
      resources: combineResources(chain, test, output),
    },
  };
}

/** What a chain takes: later members only for the share of transactions that reaches them. */
function combineResources(
  { members, steps }: Draft,
  test: readonly Judged[],
  output: ObjectSchema,
): Resources {
  const shares = members.map(() => 0);
  for (const i of test.keys()) {
    let asked = 0;
    runChain({ kind: "chain", steps }, output, () => members[asked++]?.test[i]?.answer ?? noAnswer);
    for (let k = 0; k < asked; k++) shares[k] = (shares[k] ?? 0) + 1 / test.length;
  }
  const weigh = (of: (resources: Resources) => number | undefined, scaled: boolean) =>
    addKnown(
      members.map(({ resources }) => of(resources)),
      scaled ? shares : members.map(() => 1),
    );
  const seconds = weigh((resources) => 1 / Math.max(1e-9, resources.transactionsPerSecond), true);
  const times = test.map(({ answer }) => answer.milliseconds);
  return {
    transactionsPerSecond: 1 / (seconds ?? mean([1])),
    latencyP50: quantile(times, 0.5),
    latencyP95: quantile(times, 0.95),
    memoryBytes: weigh((resources) => resources.memoryBytes, false),
    cpuSecondsPerTransaction: weigh((resources) => resources.cpuSecondsPerTransaction, true),
    joulesPerTransaction: weigh((resources) => resources.joulesPerTransaction, true),
    fileBytes: weigh((resources) => resources.fileBytes, false),
  };
}

/** A sum is known only when each of its parts is. */
function addKnown(
  values: readonly (number | undefined)[],
  weights: readonly number[],
): number | undefined {
  let total = 0;
  for (const [i, value] of values.entries()) {
    if (value === undefined) return undefined;
    total += value * (weights[i] ?? 0);
  }
  return total;
}
