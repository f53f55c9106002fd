/**
 * What the rules for thresholds and chains are worth with few validation records: made-up variants of
 * known truth, judged on large test splits. Prints mean cost per 1,000 correct transactions.
 * `node bench/thresholds.ts [repetitions]`
 */
import { mean } from "../src/kernel/index.ts";
import { assess, buildChains } from "../src/evaluate/index.ts";
import { acceptance, output, prices, variantOf } from "./made-up-variants.ts";

const repetitions = Number(process.argv[2] ?? 40);
/** The best a threshold could do, known only afterwards. */
function oracle(assessment: ReturnType<typeof assess>): number {
  return Math.min(...assessment.thresholdCurve.map(({ cost }) => cost));
}

for (const records of [50, 150, 500]) {
  const sizes = { validation: records, test: 2_000 };
  const costs: Record<string, number[]> = {};
  const accuracies: Record<string, number[]> = {};
  const add = (to: Record<string, number[]>, name: string, value: number) =>
    (to[name] ??= []).push(value);
  for (let seed = 0; seed < repetitions; seed++) {
    const members = [
      variantOf("cheap", "classical", 3, 0.6, 5_000, sizes, seed),
      variantOf("good", "tuned", 4.2, 1.8, 20, sizes, seed),
    ];
    const terms = { output, acceptance, prices, seed: 1 };
    const chains = buildChains(members, terms);
    for (const one of [...members, ...chains.map(({ measurement }) => measurement)]) {
      const found = assess(one, terms);
      add(costs, one.variant.id, found.cost.value);
      add(costs, `${one.variant.id}, best threshold known afterwards`, oracle(found));
      add(costs, `${one.variant.id}, every answer taken`, found.thresholdCurve[0]?.cost ?? 0);
      add(accuracies, one.variant.id, found.accuracy.value);
    }
  }
  console.log(`${records} validation records, ${repetitions} repetitions`);
  for (const [name, values] of Object.entries(costs)) {
    const accuracy = accuracies[name];
    console.log(
      `  ${mean(values).toFixed(1).padStart(7)}  ${name}${accuracy ? ` (${(100 * mean(accuracy)).toFixed(1)} % right)` : ""}`,
    );
  }
}
