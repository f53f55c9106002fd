/**
 * Makes test/fixtures/report/*.json: reports with made-up but consistent figures, for tests of the
 * renderer and for looking at it. `node tools/make-report-fixtures.ts`
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { costWaterfall, select } from "../src/evaluate/index.ts";
import { mean, quantile, Random, sha256 } from "../src/kernel/index.ts";
import type {
  Assessment,
  Confusion,
  Interval,
  LossCurve,
  Mistake,
  Prices,
  ReportData,
  Resources,
  VariantName,
} from "../src/schema/index.ts";
import {
  codeLabels,
  codeMistakes,
  codeVariants,
  provenance,
  repairFields,
  repairMistakes,
  repairVariants,
  type Sketch,
} from "./report-fixture-facts.ts";

interface Draw {
  readonly confidence: number;
  readonly correct: boolean;
}

function wilson(right: number, total: number): Interval {
  if (total === 0) return { value: 0, low: 0, high: 1 };
  const [z, p] = [1.96, right / total];
  const centre = (p + (z * z) / (2 * total)) / (1 + (z * z) / total);
  const spread =
    (z * Math.sqrt((p * (1 - p)) / total + (z * z) / (4 * total * total))) / (1 + (z * z) / total);
  return { value: p, low: Math.max(0, centre - spread), high: Math.min(1, centre + spread) };
}

function draws(sketch: Sketch, random: Random): Draw[] {
  const target = Math.round(sketch.accuracy * sketch.records);
  const all = Array.from({ length: sketch.records }, (_, i) => {
    const correct = i < target;
    const centre = correct ? sketch.sure : sketch.sure - 2.4;
    return { confidence: 1 / (1 + Math.exp(-(centre + 1.5 * random.normal()))), correct };
  });
  return random.shuffle(all);
}

function priced(all: readonly Draw[], threshold: number, sketch: Sketch, prices: Prices) {
  const through = all.filter(({ confidence }) => confidence >= threshold);
  const right = through.filter(({ correct }) => correct).length;
  const escalated = all.length - through.length;
  const correct = (right + escalated) / 1000;
  const machine = (all.length / sketch.rate / 3600) * prices.machinePerHour;
  const terms = {
    machine: machine / correct,
    escalation: (escalated * prices.escalation) / correct,
    error: ((through.length - right) * prices.error) / correct,
  };
  return {
    through: wilson(through.length, all.length),
    answered: wilson(right, through.length),
    terms: { ...terms, total: terms.machine + terms.escalation + terms.error },
  };
}

function bootstrap(all: readonly Draw[], threshold: number, sketch: Sketch, prices: Prices) {
  const random = new Random(7, "bootstrap", sketch.id);
  const costs = Array.from({ length: 400 }, () => {
    const again = all.map(() => all[random.below(all.length)] as Draw);
    return priced(again, threshold, sketch, prices).terms.total;
  });
  return { low: quantile(costs, 0.025), high: quantile(costs, 0.975) };
}

function assess(sketch: Sketch, prices: Prices, bar: number): Assessment {
  const all = draws(sketch, new Random(3, "draws", sketch.id));
  const grid = [...Array.from({ length: 40 }, (_, i) => i / 40), 0.985, 0.995];
  const curve = grid.map((threshold) => {
    const { through, answered, terms } = priced(all, threshold, sketch, prices);
    return {
      threshold,
      straightThrough: through.value,
      accuracy: through.value === 0 ? 1 : answered.value,
      cost: terms.total,
    };
  });
  const best = curve.reduce((low, point) => (point.cost < low.cost ? point : low));
  const chosen = priced(all, best.threshold, sketch, prices);
  const passes = chosen.answered.low >= bar && chosen.through.low >= 0.5;
  const { id, label, kind } = sketch;
  const members = kind === "chain" ? { members: ["tf-idf", "tuned-q4_0"] } : {};
  const variant: VariantName = { id, label, kind, ...members };
  return {
    variant,
    records: sketch.records,
    accuracy: wilson(all.filter(({ correct }) => correct).length, all.length),
    perField: {},
    perClass: {},
    ...calibrate(all),
    confidenceMap: { kind: "logit", slope: 1, offset: 0 },
    threshold: best.threshold,
    thresholdCurve: curve,
    straightThrough: chosen.through,
    answeredAccuracy: chosen.answered,
    cost: { value: chosen.terms.total, ...bootstrap(all, best.threshold, sketch, prices) },
    terms: chosen.terms,
    resources: resourcesOf(sketch),
    passes,
    verdict: verdictOf(chosen, all.length, bar, passes),
  };
}

function verdictOf(
  { through, answered }: ReturnType<typeof priced>,
  records: number,
  bar: number,
  passes: boolean,
): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const answers = Math.round(through.value * records);
  const right = Math.round(answered.value * answers);
  const facts = `${right} of the ${answers} answers that go straight through are right (${percent(answered.value)}, ${(answered.low * 100).toFixed(1)} to ${(answered.high * 100).toFixed(1)}), ${answers} of ${records} transactions go through (${percent(through.value)})`;
  return passes
    ? `passes: ${facts}`
    : `misses the bar: ${facts}; at least ${percent(answered.low)} right is certain enough, ${percent(bar)} is asked`;
}

function calibrate(all: readonly Draw[]) {
  const groups = Array.from({ length: 10 }, (_, i) =>
    all.filter(({ confidence }) => Math.min(9, Math.floor(confidence * 10)) === i),
  ).filter((group) => group.length > 0);
  const calibration = groups.map((group) => ({
    confidence: mean(group.map(({ confidence }) => confidence)),
    accuracy: group.filter(({ correct }) => correct).length / group.length,
    records: group.length,
  }));
  const calibrationError = calibration.reduce(
    (error, g) => error + (Math.abs(g.confidence - g.accuracy) * g.records) / all.length,
    0,
  );
  return { calibration, calibrationError };
}

function resourcesOf(sketch: Sketch): Resources {
  return {
    transactionsPerSecond: sketch.rate,
    latencyP50: sketch.p50,
    latencyP95: sketch.p95,
    memoryBytes: sketch.memory,
    cpuSecondsPerTransaction: sketch.cpu,
    joulesPerTransaction: sketch.joules,
    fileBytes: sketch.file,
  };
}

function confusionOf(labels: readonly string[], records: number, random: Random): Confusion {
  const weights = labels.map((_, i) => 1 / (1 + (i % 9)));
  const total = weights.reduce((a, b) => a + b, 0);
  const counts = weights.map((weight, i) => {
    const row = labels.map(() => 0);
    const own = Math.max(3, Math.round((weight / total) * records));
    for (let n = 0; n < own; n++) {
      const other = (i + 1 + random.below(3)) % labels.length;
      const j = random.next() < 0.94 ? i : other;
      row[j] = (row[j] ?? 0) + 1;
    }
    return row;
  });
  const missing = records - counts.flat().reduce((a, b) => a + b, 0);
  const [first] = counts;
  if (first) first[0] = (first[0] ?? 0) + missing;
  return { field: "sector", labels, counts };
}

function lossesOf(tokens: number, random: Random): LossCurve {
  const fall = (at: number, floor: number) => floor + 2.1 * Math.exp(-at / (tokens / 6));
  const train = Array.from({ length: 120 }, (_, i) => {
    const at = Math.round(((i + 1) / 120) * tokens);
    return { tokens: at, loss: Math.max(0.005, fall(at, 0.09) * (1 + 0.18 * random.normal())) };
  });
  const validation = Array.from({ length: 9 }, (_, i) => {
    const at = Math.round(((i + 1) / 9) * tokens);
    return { tokens: at, loss: fall(at, 0.21) + (i > 6 ? 0.012 * (i - 6) : 0) };
  });
  return { train, validation, kept: validation[6]?.tokens ?? 0 };
}

function classesOf({ labels, counts }: Confusion): Assessment["perClass"] {
  return Object.fromEntries(
    labels.map((label, i) => [
      label,
      { records: counts[i]?.reduce((a, b) => a + b, 0) ?? 0, correct: counts[i]?.[i] ?? 0 },
    ]),
  );
}

function industryCode(): ReportData {
  const prices: Prices = { currency: "USD", machinePerHour: 0.1, escalation: 0.5, error: 2 };
  const acceptance = { accuracy: 0.94, straightThrough: 0.5, confidence: 0.95 };
  const confusion = confusionOf(codeLabels, 433, new Random(5, "confusion"));
  const assessments = codeVariants.map((sketch) => ({
    ...assess(sketch, prices, 0.94),
    perClass: classesOf(confusion),
  }));
  const winner = cheapestPassing(assessments);
  return {
    ...provenance("industry-code", "gemma-3-270m"),
    task: {
      name: "industry-code",
      description:
        "Supplier onboarding: the activity a supplier describes, to the industry sector it belongs to.",
      base: "gemma-3-270m",
      kind: "closed",
      prices,
      acceptance,
    },
    selection: select(assessments, acceptance),
    detailed: winner,
    waterfall: costWaterfall(assessments, cheapestPassing(assessments)),
    losses: lossesOf(186_000, new Random(5, "loss")),
    confusion,
    mistakes: codeMistakes,
    data: {
      read: 2214,
      kept: 2168,
      splits: { train: 1585, validation: 150, test: 433 },
      dropped: [
        { reason: "the same phrase in two sectors", records: 27 },
        { reason: "a sector with fewer than ten phrases", records: 11 },
        { reason: "the same phrase and sector again", records: 8 },
      ],
      classes: codeLabels.map((label, i) => ({ label, records: Math.round(420 / (1 + (i % 9))) })),
    },
  };
}

function repairOrder(): ReportData {
  const prices: Prices = { currency: "CNY", machinePerHour: 0.8, escalation: 3.5, error: 20 };
  const acceptance = { accuracy: 0.9, straightThrough: 0.5, confidence: 0.95 };
  const assessments = repairVariants.map((sketch) => {
    const random = new Random(11, "fields", sketch.id);
    return {
      ...assess(sketch, prices, 0.9),
      perField: Object.fromEntries(
        repairFields.map((name) => {
          const share = sketch.accuracy + (1 - sketch.accuracy) * (0.55 + 0.45 * random.next());
          return [name, wilson(Math.round(share * sketch.records), sketch.records)];
        }),
      ),
    };
  });
  const { losses: _, ...rest } = industryCode();
  const { confusion: __, ...shared } = rest;
  return {
    ...shared,
    ...provenance("repair-order", "gemma-3-270m"),
    task: {
      name: "repair-order",
      description: "设备报修：把维修工单的描述转成设备、位置、故障、时间和联系人五个字段。",
      base: "gemma-3-270m",
      kind: "extraction",
      prices,
      acceptance,
    },
    selection: select(assessments, acceptance),
    detailed: cheapestPassing(assessments),
    waterfall: costWaterfall(assessments, cheapestPassing(assessments)),
    losses: lossesOf(412_000, new Random(6, "loss")),
    mistakes: repairMistakes satisfies readonly Mistake[],
    data: {
      read: 1840,
      kept: 1822,
      splits: { train: 1330, validation: 160, test: 332 },
      dropped: [{ reason: "内容为空", records: 18 }],
      classes: [],
    },
  };
}

function cheapestPassing(assessments: readonly Assessment[]): string {
  const [best] = assessments
    .filter(({ passes }) => passes)
    .sort((a, b) => a.cost.value - b.cost.value);
  return best?.variant.id ?? "";
}

const folder = join(import.meta.dirname, "../test/fixtures/report");
for (const data of [industryCode(), repairOrder()]) {
  const text = `${JSON.stringify(data, roundNumber, 1)}\n`;
  writeFileSync(join(folder, `${data.task.name}.json`), text);
  console.log(data.task.name, sha256(text));
}

function roundNumber(_: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(6)) : value;
}
