import type { RowCatalogue, UnusableRow } from "../../planner/index.ts";
import {
  judgeServing,
  readServingCases,
  type ServingCase,
  type ServingVerdict,
} from "../../planner/serving/index.ts";
import type { PublishedRun } from "../../schema/index.ts";
import {
  describeServingValidation,
  type ServingValidation,
} from "./describe-serving-validation.ts";
import { openServingEfficiency } from "./open-catalogue.ts";

/** Figures of decode and serving, predicted without their sources: for the terminal and as data. */
export function validateServing(
  rows: readonly PublishedRun[],
  catalogue: RowCatalogue,
  by: ServingValidation["by"],
  worst: number,
) {
  const efficiency = openServingEfficiency();
  const read = rows
    .filter(({ kind }) => kind === "inference")
    .flatMap((row) => readServingCases(row, catalogue));
  const cases = read.filter((one): one is ServingCase => one.kind === "case");
  const unusable = read.filter((one): one is UnusableRow => one.kind === "unusable");
  const verdicts = judgeServing(cases, efficiency);
  const text = describeServingValidation({ verdicts, unusable, by, worst, efficiency });
  return {
    text,
    figures: verdicts.map(toJson),
    unusable: unusable.map(({ row, reason }) => ({ id: row.id, reason })),
  };
}

function toJson({ found, bandwidthRule, ...predicted }: ServingVerdict) {
  const { row, figure, assumed } = found;
  return {
    id: row.id,
    group: row.group,
    kind: figure.kind,
    unit: "s",
    measured: figure.seconds,
    basis: figure.basis,
    ...predicted,
    bandwidthRule: Number.isFinite(bandwidthRule) ? bandwidthRule : null,
    assumed,
  };
}
