/**
 * What it is worth, and what it hides, to choose the cheapest variant on the test split instead of on
 * validation: eight made-up variants of nearly equal quality, whose true cost is known.
 * `node bench/selection.ts [repetitions]`
 */
import { mean } from "../src/kernel/index.ts";
import { assess, select, selectionOptimism } from "../src/evaluate/index.ts";
import { acceptance, output, prices, variantOf } from "./made-up-variants.ts";

const repetitions = Number(process.argv[2] ?? 10);
const terms = {
  output,
  acceptance: { ...acceptance, accuracy: 0.5, straightThrough: 0 },
  prices,
  seed: 1,
};
const found: Record<string, number[]> = {};
const add = (name: string, value: number) => (found[name] ??= []).push(value);

for (let seed = 0; seed < repetitions; seed++) {
  const measurements = Array.from({ length: 8 }, (_, i) =>
    variantOf(
      `variant ${i}`,
      "tuned",
      3.8 + 0.08 * i,
      1.2,
      20,
      { validation: 150, test: 4_433 },
      seed,
    ),
  );
  // The first 433 are the test split; the rest stand for the truth.
  const tested = measurements.map((one) => ({ ...one, test: one.test.slice(0, 433) }));
  const assessments = tested.map((one) => assess(one, terms));
  const truth = measurements.map(
    (one) => assess({ ...one, test: one.test.slice(433) }, terms).cost.value,
  );
  const byValidation = measurements.map(
    (one) => assess({ ...one, test: one.validation }, terms).cost.value,
  );
  const { winner } = select(assessments, terms.acceptance);
  const onTest = assessments.findIndex(({ variant }) => variant.id === winner);
  const onValidation = byValidation.indexOf(Math.min(...byValidation));
  add("true cost of the truly cheapest", Math.min(...truth));
  add("true cost of the one chosen on test", truth[onTest] ?? 0);
  add("true cost of the one chosen on validation", truth[onValidation] ?? 0);
  add("cost the one chosen on test shows there", assessments[onTest]?.cost.value ?? 0);
  add("flattery", (truth[onTest] ?? 0) - (assessments[onTest]?.cost.value ?? 0));
  add(
    "flattery as the bootstrap sees it",
    selectionOptimism(assessments, { measurements: tested, prices, seed }) ?? 0,
  );
}
for (const [name, values] of Object.entries(found))
  console.log(`${mean(values).toFixed(1).padStart(7)}  ${name}`);
