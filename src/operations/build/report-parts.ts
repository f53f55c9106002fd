import type { Json, JsonObject } from "../../kernel/index.ts";
import type { FinishedStage } from "../../ledger/index.ts";
import type { DigestReport, LossCurve, ReportData, SettingReport } from "../../schema/index.ts";
import type { PackedWinner } from "./pack-winner.ts";
import type { Travelled } from "./road.ts";
import type { RoadRun } from "./road-run.ts";

export function countLabels(labels: readonly unknown[]): { label: string; records: number }[] {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(String(label), (counts.get(String(label)) ?? 0) + 1);
  return [...counts]
    .map(([label, records]) => ({ label, records }))
    .sort((a, b) => b.records - a.records || (a.label < b.label ? -1 : 1));
}

export function lossCurve({ value }: FinishedStage): LossCurve {
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

/** Each setting of a tuning with who chose it; `flags` names those that the command line set. */
export function settingsOf({ value }: FinishedStage, flags: readonly string[]): SettingReport[] {
  // Parser boundary: the tune stage wrote its own settings and reasons.
  const [settings, reasons] = [value["settings"] as JsonObject, value["reasons"] as JsonObject];
  return Object.entries(settings).map(([name, setting]) => {
    const byFlag = flags.includes(name);
    const rule = byFlag ? `set by --${name}` : textOf(reasons[name] ?? "");
    return {
      name,
      value: Array.isArray(setting) ? setting.map(textOf).join(", ") : textOf(setting),
      rule,
      setBy: byFlag ? "flag" : rule === "set by the task" ? "task" : "rule",
    };
  });
}

export function digestsOf(
  run: RoadRun,
  { file, base, data }: Travelled["prepared"],
  bundle: PackedWinner | undefined,
): DigestReport[] {
  return [
    { name: "task file", sha256: file.digest },
    ...data.files.flatMap(({ name, sha256, bytes, readerDigest }): DigestReport[] => [
      { name: `data ${name}`, sha256, bytes },
      ...(readerDigest === undefined ? [] : [{ name: `reader of ${name}`, sha256: readerDigest }]),
    ]),
    { name: `base ${base.name}`, sha256: base.sha256, bytes: base.bytes },
    ...run.stages
      .filter(({ name }) => makesWeights(name))
      .map(({ name, digest, bytes }) => ({ name: `stage ${name}`, sha256: digest, bytes })),
    ...(bundle === undefined ? [] : [{ name: "bundle", sha256: bundle.digest }]),
  ];
}

/** Whether a stage's output goes into the model that is served. */
function makesWeights(stage: string): boolean {
  return stage === "vocabulary" || stage === "tune" || stage.startsWith("quantize-");
}

export function licencesOf({ base, data }: Travelled["prepared"]): ReportData["licences"] {
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

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
