import type { PublishedRun } from "../../../schema/index.ts";
import { findEntry } from "../../catalogue/index.ts";
import { toChip } from "../../chip.ts";
import type { RowCatalogue, UnusableRow } from "../../rows/row-case.ts";
import { rowModel } from "../../rows/row-model.ts";
import type { ServingCircumstances } from "../law/coefficients.ts";
import { peakOf } from "../law/pass-time.ts";
import { passWork, type PassWork } from "../law/pass-work.ts";
import { weightsFit } from "../law/capacity.ts";
import type { RequestSizes } from "../queue/steady-state.ts";
import { rowFigures, type Figure } from "./row-figures.ts";
import { rowSetup } from "./row-setup.ts";
import { servingSoftware, softwareFamily } from "./row-software.ts";

/** Kinds of figures: each has its law, its goal and its interval. */
export type FigureKind = Figure["kind"];

/** One figure of a published serving row that can be predicted: seconds per token, or per request, or per prompt token. */
export interface ServingCase {
  readonly kind: "case";
  readonly row: PublishedRun;
  readonly figure: Figure;
  readonly pass: PassWork;
  readonly replicas: number;
  readonly circumstances: ServingCircumstances;
  readonly sizes: RequestSizes;
  readonly assumed: readonly string[];
}

/** Reads a published inference row: each of its figures that a law predicts, or why there is none. */
export function readServingCases(
  row: PublishedRun,
  catalogue: RowCatalogue,
): readonly (ServingCase | UnusableRow)[] {
  const unusable = (reason: string): readonly UnusableRow[] => [{ kind: "unusable", row, reason }];
  if (row.kind !== "inference") return unusable("not an inference row");
  const entry = findEntry(catalogue.accelerators, row.hardware);
  if (entry === undefined) return unusable(`no chip of the catalogue is called "${row.hardware}"`);
  const chip = toChip(entry, catalogue.links);
  if (entry.id.startsWith("unstated") || /not stated/.test(row.hardware))
    return unusable("the chip or its count is not stated");
  const model = rowModel(row, catalogue.models);
  if (typeof model === "string") return unusable(model);
  const software = servingSoftware(row, chip);
  const found = rowSetup(row, model, chip, software);
  if (typeof found === "string") return unusable(found);
  const pass = passWork(found.setup);
  const figures = rowFigures(row);
  if (typeof figures === "string") return unusable(figures);
  if (!weightsFit(pass)) {
    return unusable("its weights do not fit the memory of the accelerators it names");
  }
  const sparse = model.groups.some(({ feedForward }) => feedForward.kind === "experts");
  return figures.map((figure) => {
    if (impliedShare(figure, pass) > fastest) {
      return {
        kind: "unusable",
        row,
        reason: "its rate implies more operations than the chip can do: prompts came from a cache",
      };
    }
    return {
      kind: "case",
      row,
      figure,
      pass,
      replicas: found.replicas,
      circumstances: {
        year: software.year,
        chip: chip.id,
        family: chip.family,
        software: figure.software === undefined ? software.family : softwareFamily(figure.software),
        sparse,
      },
      sizes: {
        input: figure.input,
        output: figure.output,
        reused: 0,
        spread: /sharegpt/i.test(String(row.workload)) ? 1 : 0,
      },
      assumed: found.assumed,
    };
  });
}

/** The largest share of the peak that whole prompts have been shown to reach; products alone reach about 0.8. */
const fastest = 0.7;

/** Share of the peak that a closed loop's prompts alone would need. */
function impliedShare(
  { kind, seconds, concurrency, input, output }: Figure,
  pass: PassWork,
): number {
  if (kind !== "decode" || input < 2) return 0;
  const expert = pass.experts.reduce((sum, { layers, flops }) => sum + layers * flops, 0);
  const perRequest = input * (pass.denseFlops / pass.setup.attentionData + expert);
  return (concurrency * perRequest) / (output * seconds) / peakOf(pass);
}
