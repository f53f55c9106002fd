import { mean } from "../kernel/index.ts";
import type { Assessment } from "../schema/index.ts";
import type { Outcome } from "./outcome.ts";

/** Bins of a calibration figure at most; small splits get fewer, with 20 records or more in each. */
const maxBins = 10;
const fewestPerBin = 20;

/** Answers in bins of equal size by confidence: mean confidence beside the share that is right. */
export function calibrationBins(outcomes: readonly Outcome[]): Assessment["calibration"] {
  const sorted = outcomes
    .filter(({ confidence }) => confidence >= 0)
    .sort((a, b) => a.confidence - b.confidence);
  const bins = Math.max(1, Math.min(maxBins, Math.floor(sorted.length / fewestPerBin)));
  return Array.from({ length: sorted.length === 0 ? 0 : bins }, (_, k) => {
    const bin = sorted.slice(
      Math.round((k * sorted.length) / bins),
      Math.round(((k + 1) * sorted.length) / bins),
    );
    return {
      confidence: mean(bin.map(({ confidence }) => confidence)),
      accuracy: bin.filter(({ correct }) => correct).length / bin.length,
      records: bin.length,
    };
  });
}

/** Expected calibration error (Naeini 2015): mean distance of confidence and accuracy over the bins. */
export function calibrationError(bins: Assessment["calibration"]): number {
  const records = bins.reduce((total, bin) => total + bin.records, 0);
  if (records === 0) return 0;
  const distance = bins.reduce(
    (total, bin) => total + bin.records * Math.abs(bin.confidence - bin.accuracy),
    0,
  );
  return distance / records;
}
