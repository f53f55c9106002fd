import { confusionOf, costWaterfall, worstMistakes } from "../../evaluate/index.ts";
import type { ReportData } from "../../schema/index.ts";
import type { Choice } from "./choose-winner.ts";
import { describeMachine, describeVersions, sampanVersion } from "./machine.ts";
import type { PackedWinner } from "./pack-winner.ts";
import { countLabels, digestsOf, licencesOf, lossCurve, settingsOf } from "./report-parts.ts";
import type { Travelled } from "./road.ts";
import type { RoadRun } from "./road-run.ts";

/** Wrong answers shown. */
const mistakesShown = 20;

export interface ReportPlace {
  readonly out: string;
  readonly bundle: PackedWinner | undefined;
  readonly seconds: number;
  /** A path as the user should type it. */
  readonly show: (path: string) => string;
}

/** Everything a report shows, from what the road made. */
export function gatherReport(
  run: RoadRun,
  { prepared, tuned }: Travelled,
  choice: Choice,
  place: ReportPlace,
  reportPath: string,
): ReportData {
  const { task, base } = prepared;
  const { selection, measurements, detailed } = choice;
  const { variant } = detailed;
  const measured = measurements.find((one) => one.variant.id === variant.id);
  const closed = closedField(task.output.properties);
  return {
    run: describeRun(run, prepared, place, reportPath),
    task: {
      name: task.name,
      description: task.description,
      base: base.name,
      kind: closed === undefined ? "extraction" : "closed",
      prices: task.prices,
      acceptance: task.acceptance,
    },
    selection,
    detailed: variant.id,
    waterfall: costWaterfall(selection.assessments, variant.id),
    ...(tuned === undefined ? {} : { losses: lossCurve(tuned) }),
    ...(closed === undefined || measured === undefined
      ? {}
      : { confusion: confusionOf(measured.test, closed) }),
    mistakes: worstMistakes(measured?.test ?? [], mistakesShown),
    data: describeData(prepared, closed),
    stages: run.stages.map(({ name, seconds, bytes, peakMemoryBytes, summary, cached, key }) => ({
      name,
      seconds,
      ...(bytes > 0 ? { outputBytes: bytes } : {}),
      ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes }),
      about: summary,
      reused: cached,
      key,
    })),
    settings: tuned === undefined ? [] : settingsOf(tuned, prepared.flags),
    commands: describeCommands(run, place),
    versions: describeVersions(),
    digests: digestsOf(run, prepared, place.bundle),
    licences: licencesOf(prepared),
  };
}

function describeRun(
  run: RoadRun,
  { data }: Travelled["prepared"],
  { bundle, seconds, show }: ReportPlace,
  reportPath: string,
): ReportData["run"] {
  const example = JSON.stringify(data.splits.test[0]?.input ?? {});
  const quoted = `'${example.replaceAll("'", String.raw`'\''`)}'`;
  const bundlePath = bundle && show(bundle.folder);
  return {
    id: run.id,
    date: new Date(run.context.now()).toISOString(),
    sampanVersion: sampanVersion(),
    machine: describeMachine(),
    seconds,
    reportPath,
    ...(bundlePath === undefined
      ? {}
      : { bundlePath, tryLine: `npx sampan run ${bundlePath} ${quoted}` }),
    whyCommand: "npx sampan why",
  };
}

function describeData(
  { data }: Travelled["prepared"],
  closed: string | undefined,
): ReportData["data"] {
  const { train, validation, test } = data.splits;
  const all = [...train, ...validation, ...test];
  return {
    read: data.read,
    kept: data.kept,
    splits: { train: train.length, validation: validation.length, test: test.length },
    dropped: Object.entries(data.dropped).map(([reason, records]) => ({ reason, records })),
    classes: closed === undefined ? [] : countLabels(all.map(({ output }) => output[closed])),
  };
}

function describeCommands(run: RoadRun, { bundle, show }: ReportPlace): ReportData["commands"] {
  const check = bundle && {
    about: "check the bundle, offline",
    line: `npx sampan verify ${show(bundle.folder)}`,
  };
  return [
    { about: "this build", line: run.context.command },
    ...(check === undefined ? [] : [check]),
    { about: "stages, keys and figures of this build", line: `npx sampan show ${run.id}` },
  ];
}

/** The only output property, where its values are a closed set. */
function closedField(
  properties: Travelled["prepared"]["task"]["output"]["properties"],
): string | undefined {
  const [only, ...more] = Object.entries(properties);
  return only && more.length === 0 && "enum" in only[1] ? only[0] : undefined;
}
