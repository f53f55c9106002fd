import { join } from "node:path";
import type { Digest } from "../../kernel/index.ts";
import type { FinishedStage } from "../../ledger/index.ts";
import type { DeploymentMember } from "../../schema/index.ts";
import { chooseShots } from "../answerers/base-answerer.ts";
import { modelFile } from "./quantize-stage.ts";
import type { Travelled } from "./road.ts";
import { classicalFile } from "./variants.ts";

/** One member of the winner: how it is opened, from which file, made by which stage. */
export interface PackedMember {
  readonly member: DeploymentMember;
  readonly source: { readonly path: string; readonly sha256?: Digest };
  readonly stage: FinishedStage;
}

/** What a variant is in a deployment, and the file it answers from. */
export function describeMember(
  id: string,
  { prepared, variants, quantized }: Travelled,
): PackedMember {
  const measured = variants.find(({ measurement }) => measurement.variant.id === id);
  if (measured === undefined) throw new TypeError(`no variant ${id}`);
  const { stage, measurement } = measured;
  if (measurement.variant.kind === "classical") {
    return {
      member: { kind: "classical", id, file: classicalFile },
      source: fileOf(stage, classicalFile),
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
      source: { path: base.path, sha256: base.sha256 },
      stage,
    };
  }
  const [precision, quantizedStage] =
    [...quantized].find(([name]) => id === `tuned-${name.toLowerCase()}`) ?? [];
  if (quantizedStage === undefined) throw new TypeError(`no weights for ${id}`);
  const file = quantized.size > 1 ? `model-${precision?.toLowerCase()}.gguf` : modelFile;
  return {
    member: { kind: "tuned", id, file },
    source: fileOf(quantizedStage, modelFile),
    stage: quantizedStage,
  };
}

function fileOf({ folder, files }: FinishedStage, name: string): PackedMember["source"] {
  const sha256 = files.find(({ path }) => path === name)?.sha256;
  return { path: join(folder, name), ...(sha256 === undefined ? {} : { sha256 }) };
}
