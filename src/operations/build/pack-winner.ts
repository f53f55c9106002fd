import { existsSync } from "node:fs";
import { packBundle, type BundlePart } from "../../bundle/index.ts";
import { answerGrammar } from "../../framing/index.ts";
import { canonicalJson, type Digest, type Json, type JsonObject } from "../../kernel/index.ts";
import { automatonToJson, compileGrammar, openTokenizer } from "../../runtime/index.ts";
import type { Assessment, Deployment, Task } from "../../schema/index.ts";
import { automatonFiles } from "../answerers/open-member.ts";
import { deploymentFile } from "../answerers/read-deployment.ts";
import { factsOf } from "./bundle-facts.ts";
import type { Choice } from "./choose-winner.ts";
import { describeMember, type PackedMember } from "./packed-member.ts";
import type { Prepared } from "./prepare-road.ts";
import type { Travelled } from "./road.ts";
import type { RoadRun } from "./road-run.ts";

export interface PackedWinner {
  readonly folder: string;
  readonly digest: Digest;
}

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
  const deployment = describeDeployment(prepared, choice, members, chain?.rule);
  const packed = await packBundle({
    folder,
    facts: factsOf(prepared, choice.detailed, deployment),
    files: await listParts(travelled, choice.detailed, deployment, members),
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

function describeDeployment(
  { task }: Prepared,
  { detailed }: Choice,
  members: readonly PackedMember[],
  chain: Deployment["chain"],
): Deployment {
  const { name, description, input, output } = task;
  return {
    task: { name, description, input, output },
    winner: { id: detailed.variant.id, label: detailed.variant.label },
    members: members.map(({ member }) => member),
    ...(chain === undefined ? {} : { chain }),
    confidenceMap: detailed.confidenceMap,
    threshold: detailed.threshold,
  };
}

async function listParts(
  { prepared, fitted }: Travelled,
  detailed: Assessment,
  deployment: Deployment,
  members: readonly PackedMember[],
): Promise<readonly BundlePart[]> {
  const has = (kind: "tuned" | "base"): boolean =>
    members.some(({ member }) => member.kind === kind);
  const { task, base } = prepared;
  const automata: BundlePart[] = [];
  for (const [kind, { path }] of [["tuned", fitted] as const, ["base", base] as const]) {
    if (!has(kind)) continue;
    automata.push(jsonFile(automatonFiles[kind], await compileAutomaton(task, path)));
  }
  return [
    ...members.map(({ member, source }): BundlePart => ({
      path: member.file,
      from: { kind: "file", ...source },
    })),
    jsonFile(deploymentFile, deployment),
    jsonFile("task.json", task),
    jsonFile("evaluation.json", evidenceOf(detailed)),
    ...(automata.length > 0 ? [...licenceFiles(prepared), ...automata] : []),
  ];
}

/** The evidence that does not depend on this machine's speed, which would change the bundle from run to run. */
const evidence = [
  "variant",
  "records",
  "accuracy",
  "perField",
  "perClass",
  "calibrationError",
  "threshold",
  "straightThrough",
  "answeredAccuracy",
  "verdict",
] as const satisfies readonly (keyof Assessment)[];

function evidenceOf(assessment: Assessment) {
  return Object.fromEntries(evidence.map((name) => [name, assessment[name]]));
}

/** The task's automaton over the tokens of a model. */
async function compileAutomaton(task: Task, path: string): Promise<JsonObject> {
  await using tokenizer = await openTokenizer(path);
  return automatonToJson(compileGrammar(answerGrammar(task.output), tokenizer));
}

function licenceFiles({ base }: Prepared): BundlePart[] {
  return base.licenceFiles.map(({ name, path }) => ({
    path: `licences/${name}`,
    from: { kind: "file", path },
  }));
}

function jsonFile(path: string, value: unknown): BundlePart {
  // A plain value: what has no JSON form (undefined members) is left out.
  const plain = JSON.parse(JSON.stringify(value)) as Json;
  return { path, from: { kind: "bytes", bytes: Buffer.from(`${canonicalJson(plain)}\n`) } };
}
