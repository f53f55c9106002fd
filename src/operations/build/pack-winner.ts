import { existsSync } from "node:fs";
import { join } from "node:path";
import { packBundle } from "../../bundle/index.ts";
import { answerGrammar } from "../../framing/index.ts";
import { canonicalJson, type Digest, type Json, type JsonObject } from "../../kernel/index.ts";
import type { FinishedStage } from "../../ledger/index.ts";
import { automatonToJson, compileGrammar, openTokenizer } from "../../runtime/index.ts";
import type { Assessment, BundleFacts, Deployment, DeploymentMember } from "../../schema/index.ts";
import { automatonFile } from "../answerers/open-member.ts";
import { chooseShots } from "../answerers/base-answerer.ts";
import type { Choice } from "./choose-winner.ts";
import { sampanVersion, versionOf } from "./machine.ts";
import type { Prepared } from "./prepare-road.ts";
import { modelFile } from "./quantize-stage.ts";
import type { Travelled } from "./road.ts";
import type { RoadRun } from "./road-run.ts";
import { classicalFile } from "./variants.ts";

export interface PackedWinner {
  readonly folder: string;
  readonly digest: Digest;
}

type PackedFile = Parameters<typeof packBundle>[0]["files"][number];

/** Packs the winner into a bundle; undefined when nothing passed the bar. */
export async function packWinner(
  run: RoadRun,
  travelled: Travelled,
  choice: Choice,
  folder: string,
): Promise<PackedWinner | undefined> {
  const { winner } = choice.selection;
  if (winner === undefined) {
    warnOfOldBundle(run, folder);
    return undefined;
  }
  const start = run.context.clock();
  run.context.emit({
    kind: "stage-start",
    stage: "bundle",
    about: `pack ${winner} into ${folder}`,
  });
  const { prepared } = travelled;
  const chain = choice.chains.find(({ measurement }) => measurement.variant.id === winner);
  const ids = chain?.rule.steps.map(({ member }) => member) ?? [winner];
  const members = ids.map((id) => describeMember(id, travelled));
  const { task } = prepared;
  const deployment: Deployment = {
    task: {
      name: task.name,
      description: task.description,
      input: task.input,
      output: task.output,
    },
    winner: { id: winner, label: choice.detailed.variant.label },
    members: members.map(({ member }) => member),
    ...(chain === undefined ? {} : { chain: chain.rule }),
    confidenceMap: choice.detailed.confidenceMap,
    threshold: choice.detailed.threshold,
  };
  const files: PackedFile[] = [
    ...members.map(({ member, path }): PackedFile => ({
      path: member.file,
      from: { kind: "file", path },
    })),
    jsonFile("deployment.json", deployment),
    jsonFile("task.json", task),
    jsonFile("evaluation.json", evidenceOf(choice.detailed)),
    ...(members.some(({ member }) => member.kind !== "classical")
      ? [...licenceFiles(prepared), jsonFile(automatonFile, await compileAutomaton(prepared))]
      : []),
  ];
  const packed = await packBundle({
    folder,
    facts: factsOf(prepared, choice.detailed, deployment),
    files,
  });
  run.record(
    "bundle",
    Object.fromEntries(members.map(({ member, stage }) => [member.id, stage.digest])),
    {
      key: packed.digest,
      digest: packed.digest,
      cached: false,
      measured: { seconds: (run.context.clock() - start) / 1000 },
      files: packed.manifest.files,
    },
    `${(packed.bytes / 1e6).toFixed(0)} MB, digest ${packed.digest.slice(0, 16)}`,
  );
  return packed;
}

function warnOfOldBundle(run: RoadRun, folder: string): void {
  if (!existsSync(folder)) return;
  const text = `${folder} is of an earlier build; nothing passed the bar this time, so it was left alone`;
  run.context.emit({ kind: "warning", text });
}

function describeMember(
  id: string,
  { prepared, variants, quantized }: Travelled,
): { readonly member: DeploymentMember; readonly path: string; readonly stage: FinishedStage } {
  const measured = variants.find(({ measurement }) => measurement.variant.id === id);
  if (measured === undefined) throw new TypeError(`no variant ${id}`);
  const { stage, measurement } = measured;
  if (measurement.variant.kind === "classical") {
    return {
      member: { kind: "classical", id, file: classicalFile },
      path: join(stage.folder, classicalFile),
      stage,
    };
  }
  if (measurement.variant.kind === "base") {
    const { task, data, base } = prepared;
    const count = id === "base-zero-shot" ? 0 : task.variants.fewShot;
    const shots = chooseShots(task, data.splits.train, count).map(({ input, output }) => ({
      input,
      output,
    }));
    const plain = JSON.parse(JSON.stringify(shots)) as Extract<
      DeploymentMember,
      { kind: "base" }
    >["shots"];
    return {
      member: { kind: "base", id, file: "base.gguf", shots: plain },
      path: base.path,
      stage,
    };
  }
  const [precision, quantizedStage] =
    [...quantized].find(([name]) => id === `tuned-${name.toLowerCase()}`) ?? [];
  if (quantizedStage === undefined) throw new TypeError(`no weights for ${id}`);
  const file = quantized.size > 1 ? `model-${precision?.toLowerCase()}.gguf` : modelFile;
  return {
    member: { kind: "tuned", id, file },
    path: join(quantizedStage.folder, modelFile),
    stage: quantizedStage,
  };
}

function factsOf(
  { task, file, base, data }: Prepared,
  { variant, threshold }: Assessment,
  deployment: Deployment,
): BundleFacts {
  const hasWeights = deployment.members.some(({ kind }) => kind !== "classical");
  const dataLicences = data.files.flatMap(({ name, licence }) =>
    licence === undefined ? [] : [{ id: "LicenseRef-data", name: licence, covers: name }],
  );
  const { licence } = base;
  const notice = licence?.notice === undefined ? {} : { notice: licence.notice };
  return {
    createdBy: `sampan ${sampanVersion()}`,
    task: {
      name: task.name,
      ...(task.description === "" ? {} : { about: task.description }),
      digest: file.digest,
    },
    variant: { id: variant.id, label: variant.label, kind: variant.kind },
    threshold,
    ...(hasWeights
      ? {
          base: { name: base.name, sha256: base.sha256 },
          engine: engineOf(),
        }
      : {}),
    licences: [
      ...(hasWeights && licence
        ? [{ id: licence.id, name: licence.name, covers: base.name, ...notice }]
        : []),
      ...dataLicences,
    ],
  };
}

/** The evidence that does not depend on this machine's speed, which would change the bundle from run to run. */
function evidenceOf(assessment: Assessment) {
  const {
    variant,
    records,
    accuracy,
    perField,
    perClass,
    calibrationError,
    threshold,
    straightThrough,
    answeredAccuracy,
    verdict,
  } = assessment;
  return {
    variant,
    records,
    accuracy,
    perField,
    perClass,
    calibrationError,
    threshold,
    straightThrough,
    answeredAccuracy,
    verdict,
  };
}

/** The task's automaton over the base's tokens. */
async function compileAutomaton({ task, base }: Prepared): Promise<JsonObject> {
  await using tokenizer = await openTokenizer(base.path);
  return automatonToJson(compileGrammar(answerGrammar(task.output), tokenizer));
}

function licenceFiles({ base }: Prepared): PackedFile[] {
  return base.licenceFiles.map(({ name, path }) => ({
    path: `licences/${name}`,
    from: { kind: "file", path },
  }));
}

function jsonFile(path: string, value: unknown): PackedFile {
  // A plain value: what has no JSON form (undefined members) is left out.
  const plain = JSON.parse(JSON.stringify(value)) as Json;
  return { path, from: { kind: "bytes", bytes: Buffer.from(`${canonicalJson(plain)}\n`) } };
}

function engineOf(): NonNullable<BundleFacts["engine"]> {
  const name = "node-llama-cpp";
  return { name, version: versionOf(name) };
}
