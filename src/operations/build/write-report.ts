import { join } from "node:path";
import { writeAtomically } from "../../disk/index.ts";
import { confusionOf, costWaterfall, worstMistakes } from "../../evaluate/index.ts";
import { canonicalJson, type JsonObject } from "../../kernel/index.ts";
import type { FinishedStage, Ledger } from "../../ledger/index.ts";
import { renderReport, renderTextSummary, traceFigures } from "../../report/index.ts";
import type { DigestReport, LossCurve, ReportData, SettingReport } from "../../schema/index.ts";
import type { Choice } from "./choose-winner.ts";
import { describeMachine, describeVersions, sampanVersion } from "./machine.ts";
import type { PackedWinner } from "./pack-winner.ts";
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

/** Writes report.html and report.json, enters every figure in the ledger, and gives the closing text. */
export async function writeReport(
  run: RoadRun,
  ledger: Ledger,
  travelled: Travelled,
  choice: Choice,
  place: ReportPlace,
): Promise<{ readonly path: string; readonly summary: string }> {
  const path = join(place.out, "report.html");
  const data = gatherReport(run, travelled, choice, place, place.show(path));
  writeAtomically(path, [await renderReport(data)]);
  writeAtomically(join(place.out, "report.json"), [
    `${canonicalJson(JSON.parse(JSON.stringify(data)))}\n`,
  ]);
  for (const figure of traceFigures(data)) ledger.addNumber(run.id, figure);
  const width = process.stdout.columns ?? 100;
  const summary = renderTextSummary(data, {
    width: Math.min(width, 100),
    colour: process.stdout.isTTY === true,
  });
  return { path: place.show(path), summary };
}

function gatherReport(
  run: RoadRun,
  { prepared, tuned }: Travelled,
  { selection, measurements, detailed }: Choice,
  { bundle, seconds, show }: ReportPlace,
  reportPath: string,
): ReportData {
  const { task, base, data } = prepared;
  const { variant } = detailed;
  const measured = measurements.find((one) => one.variant.id === variant.id);
  const closed = closedField(task.output.properties);
  const example = data.splits.test[0]?.input ?? {};
  const bundlePath = bundle && show(bundle.folder);
  const all = [...data.splits.train, ...data.splits.validation, ...data.splits.test];
  return {
    run: {
      id: run.id,
      date: new Date(run.context.now()).toISOString(),
      sampanVersion: sampanVersion(),
      machine: describeMachine(),
      seconds,
      reportPath,
      ...(bundlePath === undefined
        ? {}
        : {
            bundlePath,
            tryLine: `npx sampan run ${bundlePath} '${JSON.stringify(example).replaceAll("'", String.raw`'\''`)}'`,
          }),
      whyCommand: "npx sampan why",
    },
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
    data: {
      read: data.read,
      kept: data.kept,
      splits: {
        train: data.splits.train.length,
        validation: data.splits.validation.length,
        test: data.splits.test.length,
      },
      dropped: Object.entries(data.dropped).map(([reason, records]) => ({ reason, records })),
      classes: closed === undefined ? [] : countLabels(all.map(({ output }) => output[closed])),
    },
    stages: run.stages.map(({ name, seconds: took, bytes, summary, cached, key }) => ({
      name,
      seconds: took,
      outputBytes: bytes,
      about: summary,
      reused: cached,
      key,
    })),
    settings: tuned === undefined ? [] : settingsOf(tuned),
    commands: [
      { about: "this build", line: run.context.command },
      ...(bundlePath === undefined
        ? []
        : [{ about: "check the bundle, offline", line: `npx sampan verify ${bundlePath}` }]),
      { about: "stages, keys and figures of this build", line: `npx sampan show ${run.id}` },
    ],
    versions: describeVersions(),
    digests: digestsOf(run, prepared, bundle),
    licences: licencesOf(prepared),
  };
}

function closedField(
  properties: Travelled["prepared"]["task"]["output"]["properties"],
): string | undefined {
  const [only, ...more] = Object.entries(properties);
  return only && more.length === 0 && "enum" in only[1] ? only[0] : undefined;
}

function countLabels(labels: readonly unknown[]): { label: string; records: number }[] {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(String(label), (counts.get(String(label)) ?? 0) + 1);
  return [...counts]
    .map(([label, records]) => ({ label, records }))
    .sort((a, b) => b.records - a.records || (a.label < b.label ? -1 : 1));
}

function lossCurve({ value }: FinishedStage): LossCurve {
  // Parser boundary: the tune stage wrote its own losses.
  const losses = value["losses"] as unknown as readonly {
    tokens: number;
    train: number;
    validation?: number;
  }[];
  const validation = losses.flatMap(({ tokens, validation: loss }) =>
    loss === undefined ? [] : [{ tokens, loss }],
  );
  const [best] = validation.toSorted((a, b) => a.loss - b.loss);
  return {
    train: losses.map(({ tokens, train }) => ({ tokens, loss: train })),
    validation,
    ...(best === undefined ? {} : { kept: best.tokens }),
  };
}

function settingsOf({ value }: FinishedStage): SettingReport[] {
  // Parser boundary: the tune stage wrote its own settings and reasons.
  const [settings, reasons] = [value["settings"] as JsonObject, value["reasons"] as JsonObject];
  return Object.entries(settings).map(([name, setting]) => {
    const rule = String(reasons[name] ?? "");
    return {
      name,
      value: Array.isArray(setting) ? setting.join(", ") : String(setting),
      rule,
      setBy: rule === "set by the task" ? "task" : "rule",
    };
  });
}

function digestsOf(
  run: RoadRun,
  { file, base, data }: Travelled["prepared"],
  bundle: PackedWinner | undefined,
): DigestReport[] {
  return [
    { name: "task file", sha256: file.digest },
    ...data.files.map(({ name, sha256, bytes }) => ({ name: `data ${name}`, sha256, bytes })),
    { name: `base ${base.name}`, sha256: base.sha256, bytes: base.bytes },
    ...run.stages
      .filter(({ name }) => name === "tune" || name.startsWith("quantize-"))
      .map(({ name, digest, bytes }) => ({ name: `stage ${name}`, sha256: digest, bytes })),
    ...(bundle === undefined ? [] : [{ name: "bundle", sha256: bundle.digest }]),
  ];
}

function licencesOf({ base, data }: Travelled["prepared"]): ReportData["licences"] {
  const { licence } = base;
  const notice = licence?.notice === undefined ? {} : { notice: licence.notice };
  return [
    {
      subject: base.name,
      id: licence?.id ?? "NOASSERTION",
      name: licence?.name ?? "not stated",
      ...notice,
    },
    ...data.files.map(({ name, licence: stated }) => ({
      subject: name,
      id: "LicenseRef-data",
      name: stated ?? "not stated",
    })),
  ];
}
