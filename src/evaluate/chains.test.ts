import { expect, test } from "vitest";
import { Random } from "../kernel/index.ts";
import {
  objectSchema,
  type Answer,
  type Answerer,
  type ChainRule,
  type Judged,
  type Measurement,
  type VariantName,
} from "../schema/index.ts";
import { assess } from "./assess.ts";
import { buildChains } from "./build-chains.ts";
import { openChainAnswerer } from "./chain-answerer.ts";
import { identityMap, sigmoid } from "./confidence-map.ts";
import { fitMerge } from "./fit-merge.ts";
import { judge } from "./judge.ts";
import { nextMove, runChain } from "./run-chain.ts";

const labels = ["a", "b", "c", "d"];
const output = objectSchema.parse({ type: "object", properties: { kind: { enum: labels } } });
const terms = {
  output,
  acceptance: { accuracy: 0.9, straightThrough: 0.5, confidence: 0.95 },
  prices: { currency: "USD", machinePerHour: 0.1, escalation: 0.5, error: 2 },
  seed: 1,
};

function answerOf(kind: string | undefined, confidence: number): Answer {
  return {
    output: kind === undefined ? undefined : { kind },
    confidence,
    milliseconds: 5,
    tokensIn: 2,
    tokensOut: 1,
  };
}

/** A variant whose confidence is the truth, wrong independently of every other variant. */
function variantOf(
  id: string,
  kind: VariantName["kind"],
  skill: number,
  perSecond: number,
): Measurement {
  const draw = (split: string, count: number): Judged[] => {
    const truth = new Random(1, split);
    const random = new Random(1, split, id);
    return Array.from({ length: count }, (_, i) => {
      const expected = labels[truth.below(4)] ?? "a";
      const confidence = sigmoid(skill + 2 * random.normal());
      const other = labels[(labels.indexOf(expected) + 1 + random.below(3)) % 4] ?? "a";
      const given = random.next() < confidence ? expected : other;
      const record = {
        id: `${split}${i}`,
        input: { text: `${split}${i}` },
        output: { kind: expected },
        group: "",
        place: "",
      };
      return judge(record, answerOf(given, confidence), output);
    });
  };
  return {
    variant: { id, label: id, kind },
    validation: draw("validation", 200),
    test: draw("test", 1_000),
    resources: {
      transactionsPerSecond: perSecond,
      latencyP50: 1_000 / perSecond,
      latencyP95: 1_000 / perSecond,
      memoryBytes: 100,
      cpuSecondsPerTransaction: 1 / perSecond,
      joulesPerTransaction: undefined,
      fileBytes: 50,
    },
  };
}

const cheap = variantOf("tf-idf", "classical", 1.5, 10_000);
const dear = variantOf("tuned", "tuned", 2.5, 5);

const rule: ChainRule = {
  kind: "chain",
  steps: [
    { member: "one", map: identityMap, stopAt: 0.9 },
    {
      member: "two",
      map: identityMap,
      merge: { kind: "surer", own: 1, other: 0.5, agreement: 0.3, offset: -0.1 },
      stopAt: 0,
    },
  ],
};

test("the second member is asked only when the first is not sure", () => {
  expect(nextMove(rule, [], output)).toEqual({ kind: "ask", member: "one" });
  expect(nextMove(rule, [answerOf("a", 0.95)], output)).toMatchObject({
    kind: "answer",
    answer: { output: { kind: "a" } },
  });
  expect(nextMove(rule, [answerOf("a", 0.8)], output)).toEqual({ kind: "ask", member: "two" });
  expect(nextMove(rule, [answerOf(undefined, 1)], output)).toEqual({ kind: "ask", member: "two" });
});

test("agreement raises confidence, contradiction lowers it, and what was spent is added", () => {
  const run = (first: Answer, second: Answer) =>
    runChain(rule, output, (member) => (member === "one" ? first : second));
  const agreed = run(answerOf("a", 0.8), answerOf("a", 0.8));
  const lone = run(answerOf(undefined, 0), answerOf("a", 0.8));
  const differed = run(answerOf("b", 0.7), answerOf("a", 0.8));
  expect(agreed).toMatchObject({
    output: { kind: "a" },
    milliseconds: 10,
    tokensIn: 4,
    tokensOut: 2,
  });
  const odds = Math.log(4);
  expect(agreed.confidence).toBeCloseTo(sigmoid(odds + 0.5 * odds + 0.3 - 0.1), 12);
  expect(lone.confidence).toBeCloseTo(0.8, 12);
  expect(differed.output).toEqual({ kind: "a" });
  expect(differed.confidence).toBeCloseTo(sigmoid(odds - 0.5 * Math.log(7 / 3) - 0.1), 12);
  expect(run(answerOf("b", 0.85), answerOf("a", 0.8)).output).toEqual({ kind: "b" });
});

test("a chain of unlike members is right more often than each, and cheaper", () => {
  const [chain, ...more] = buildChains([dear, cheap], terms);
  expect(more).toEqual([]);
  expect(chain?.measurement.variant).toMatchObject({
    id: "chain:tf-idf+tuned",
    kind: "chain",
    members: ["tf-idf", "tuned"],
  });
  const [first, second, joined] = [cheap, dear, chain?.measurement ?? cheap].map((one) =>
    assess(one, terms),
  );
  expect(joined?.accuracy.value).toBeGreaterThan(
    Math.max(first?.accuracy.value ?? 1, second?.accuracy.value ?? 1),
  );
  expect(joined?.cost.value).toBeLessThan(
    Math.min(first?.cost.value ?? 0, second?.cost.value ?? 0),
  );
  expect(joined?.calibrationError).toBeLessThan(0.06);
});

test("a chain's resources count the second member only for what reaches it", () => {
  const [chain] = buildChains([cheap, dear], terms);
  const stopAt = chain?.rule.steps[0]?.stopAt ?? 0;
  const resources = chain?.measurement.resources;
  const asked =
    chain?.measurement.test.filter(({ answer }) => answer.milliseconds === 10).length ?? 0;
  expect(stopAt).toBeGreaterThan(0);
  expect(resources?.transactionsPerSecond).toBeCloseTo(1 / (1 / 10_000 + asked / 1_000 / 5), 6);
  expect(resources?.cpuSecondsPerTransaction).toBeCloseTo(1 / 10_000 + asked / 1_000 / 5, 9);
  expect(resources).toMatchObject({
    memoryBytes: 200,
    fileBytes: 100,
    joulesPerTransaction: undefined,
  });
});

test("like kinds are chained only when there is nothing unlike; samples are not chained", () => {
  const other = variantOf("tuned-q4", "tuned", 2.4, 8);
  const third = variantOf("embedding", "base", 2, 100);
  const ids = (measurements: readonly Measurement[]) =>
    buildChains(measurements, terms).map(({ measurement }) => measurement.variant.id);
  expect(ids([dear, other])).toEqual(["chain:tuned-q4+tuned"]);
  expect(ids([cheap, dear, other])).toEqual(["chain:tf-idf+tuned-q4", "chain:tf-idf+tuned"]);
  expect(ids([cheap, third, dear])).toContain("chain:tf-idf+embedding+tuned");
  expect(ids([cheap, { ...dear, test: dear.test.slice(0, 60) }])).toEqual([]);
  expect(ids([])).toEqual([]);
});

test("serving a chain gives the answers of its evaluation", async () => {
  // Where machine time is dear, the second member is spared.
  const prices = { ...terms.prices, machinePerHour: 2_000 };
  const [chain] = buildChains([cheap, dear], { ...terms, prices });
  if (chain === undefined) throw new Error("no chain was built");
  const asked: Record<string, number> = {};
  const open = (member: Measurement): Answerer => ({
    async answer(inputs) {
      asked[member.variant.id] = inputs.length;
      return inputs.map((input) => {
        const judged = member.test.find(({ record }) => record.input["text"] === input["text"]);
        return judged?.answer ?? answerOf(undefined, 0);
      });
    },
    async [Symbol.asyncDispose]() {},
  });
  const members = new Map([cheap, dear].map((member) => [member.variant.id, open(member)]));
  await using answerer = openChainAnswerer(chain.rule, output, members);
  const some = chain.measurement.test.slice(0, 200);
  const answers = await answerer.answer(some.map(({ record }) => record.input));
  expect(answers).toEqual(some.map(({ answer }) => answer));
  expect(asked["tf-idf"]).toBe(200);
  expect(asked["tuned"]).toBeLessThan(200);
});

test("a chain without one of its members says so, and disposes of the others", async () => {
  let disposed = 0;
  const one: Answerer = {
    async answer(inputs) {
      return inputs.map(() => answerOf("a", 0.5));
    },
    async [Symbol.asyncDispose]() {
      disposed++;
    },
  };
  const serve = async () => {
    await using answerer = openChainAnswerer(rule, output, new Map([["one", one]]));
    await answerer.answer([{ text: "x" }]);
  };
  await expect(serve()).rejects.toThrow(/member two gave no answer/);
  expect(disposed).toBe(1);
});

test("merging learned from validation never lets agreement count against an answer", () => {
  const random = new Random(3, "merge");
  for (let trial = 0; trial < 20; trial++) {
    const pairs = Array.from({ length: 30 }, () => {
      const right = random.next() < 0.7;
      const pick = () => answerOf(random.next() < 0.6 ? "a" : "b", random.next());
      return { before: pick(), after: pick(), isRight: () => right };
    });
    const { own, other, agreement } = fitMerge(pairs, output);
    expect(Math.min(own, other, agreement)).toBeGreaterThanOrEqual(0);
  }
  expect(fitMerge([], output)).toEqual({
    kind: "surer",
    own: 1,
    other: 0,
    agreement: 0,
    offset: 0,
  });
});
