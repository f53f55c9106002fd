import { assess, buildChains, select, type BuiltChain } from "../../evaluate/index.ts";
import { digestOf } from "../../kernel/index.ts";
import type { Assessment, Measurement, Selection } from "../../schema/index.ts";
import type { Travelled } from "./road.ts";
import type { RoadRun } from "./road-run.ts";

export interface Choice {
  readonly selection: Selection;
  readonly measurements: readonly Measurement[];
  readonly chains: readonly BuiltChain[];
  /** The winner, or the cheapest where none passed: what the report describes in detail. */
  readonly detailed: Assessment;
}

/** Chains what can be chained, prices everything, and takes the cheapest that passes the bar. */
export function chooseWinner(run: RoadRun, { prepared, variants }: Travelled): Choice {
  const { task } = prepared;
  const { output, acceptance, prices, seed } = task;
  const start = run.context.clock();
  run.context.emit({
    kind: "stage-start",
    stage: "select",
    about: "thresholds and chains on validation, prices on test",
  });
  const terms = { output, acceptance, prices, seed };
  const singles = variants.map(({ measurement }) => measurement);
  const chains = task.variants.chains ? buildChains(singles, terms) : [];
  const measurements = [...singles, ...chains.map(({ measurement }) => measurement)];
  const assessments = measurements.map((measurement) => assess(measurement, terms));
  const selection = select(assessments, acceptance, { measurements, prices, seed });
  const cheapest = assessments.toSorted((a, b) => a.cost.value - b.cost.value)[0];
  const detailed = assessments.find(({ variant }) => variant.id === selection.winner) ?? cheapest;
  if (detailed === undefined) throw new TypeError("a road without any variant");
  const inputs = Object.fromEntries(
    variants.map(({ measurement, stage }) => [measurement.variant.id, stage.digest]),
  );
  run.record(
    "select",
    inputs,
    {
      key: digestOf({ inputs, acceptance, prices, seed }),
      digest: digestOf({ winner: selection.winner ?? null }),
      cached: false,
      measured: { seconds: (run.context.clock() - start) / 1000 },
      files: [],
    },
    selection.winner === undefined ? "nothing passes the bar" : `${detailed.variant.label} wins`,
  );
  return { selection, measurements, chains, detailed };
}
