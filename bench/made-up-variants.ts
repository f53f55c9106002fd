/** Made-up variants of known truth, for the benches that try the rules of evaluation. */
import { Random } from "../src/kernel/index.ts";
import { judge } from "../src/evaluate/index.ts";
import {
  objectSchema,
  type Judged,
  type Measurement,
  type VariantName,
} from "../src/schema/index.ts";

const labels = Array.from({ length: 18 }, (_, i) => `class ${i}`);
export const output = objectSchema.parse({
  type: "object",
  properties: { kind: { enum: labels } },
});
export const prices = { currency: "USD", machinePerHour: 0.1, escalation: 0.4, error: 1.5 };
export const acceptance = { accuracy: 0.9, straightThrough: 0.5, confidence: 0.95 };
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Records share a difficulty, so that unlike variants err together as real ones do. */
export function variantOf(
  id: string,
  kind: VariantName["kind"],
  skill: number,
  temperature: number,
  perSecond: number,
  records: { readonly validation: number; readonly test: number },
  seed: number,
): Measurement {
  const draw = (split: string, count: number): Judged[] => {
    const shared = new Random(seed, split);
    const own = new Random(seed, split, id);
    return Array.from({ length: count }, (_, i) => {
      const expected = labels[shared.below(labels.length)] ?? "";
      const odds = skill - 1.6 * shared.normal() + 1.3 * own.normal();
      const other = labels[own.below(labels.length)] ?? "";
      const kindGiven = own.next() < sigmoid(odds) ? expected : other;
      const record = { id: `${i}`, input: {}, output: { kind: expected }, group: "", place: "" };
      const answer = {
        output: { kind: kindGiven },
        confidence: sigmoid(temperature * odds),
        milliseconds: 1_000 / perSecond,
        tokensIn: 0,
        tokensOut: 0,
      };
      return judge(record, answer, output);
    });
  };
  const resources = {
    transactionsPerSecond: perSecond,
    latencyP50: 1_000 / perSecond,
    latencyP95: 1_000 / perSecond,
    memoryBytes: undefined,
    cpuSecondsPerTransaction: undefined,
    joulesPerTransaction: undefined,
    fileBytes: undefined,
  };
  return {
    variant: { id, label: id, kind },
    validation: draw("validation", records.validation),
    test: draw("test", records.test),
    resources,
  };
}
