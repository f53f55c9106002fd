import type { Adapter, Weights } from "../schema/index.ts";
import { readTokenRows } from "./batch.ts";
import { adapterOf, flattenAdapter } from "./model/adapter-layout.ts";
import { chooseRowLength, packRows } from "./pack.ts";
import { openTrainer, type Trainer } from "./trainer.ts";
import { judgedTokens, type Arithmetic, type TuneExample } from "./tune-request.ts";

/** Examples under a given adapter: what parity with other trainers is measured on. */
export interface ProbeRequest {
  readonly weights: Weights;
  readonly weightsDigest: string;
  readonly adapter: Adapter;
  readonly examples: readonly TuneExample[];
  readonly allowed: readonly number[] | undefined;
  readonly threads: number;
  readonly workFolder: string;
  readonly provider?: string;
  readonly arithmetic?: Arithmetic;
}

/** Mean loss per judged token, in nats. */
export async function lossOf(request: ProbeRequest): Promise<number> {
  await using probe = await openProbe(request);
  const { loss, answerTokens } = await probe.trainer.measure(probe.rows, probe.values);
  return loss / answerTokens;
}

/** Mean loss per judged token and its gradient, in the shape of the adapter. */
export async function gradientsOf(
  request: ProbeRequest,
): Promise<{ readonly loss: number; readonly gradient: Adapter }> {
  await using probe = await openProbe(request);
  const { trainer, rows, values } = probe;
  const judged = countJudged(request.examples);
  const gradient = new Float32Array(values.length);
  const { loss } = await trainer.addGradient(rows, values, gradient, 1 / judged);
  return { loss, gradient: adapterOf(trainer.layout, gradient, request.adapter.alpha) };
}

/**
 * Logits over the allowed tokens (ascending ids) before each judged token, rivals or not: by example id,
 * [judged tokens, allowed].
 */
export async function logitsOf(request: ProbeRequest): Promise<ReadonlyMap<string, Float32Array>> {
  await using probe = await openProbe(request);
  const logits = await probe.trainer.score(probe.rows, probe.values);
  const width = logits.length / countJudged(request.examples);
  const byId = new Map<string, Float32Array>();
  let start = 0;
  for (const example of probe.rows.flat()) {
    const end = start + judgedTokens(example) * width;
    byId.set(example.id, logits.slice(start, end));
    start = end;
  }
  return byId;
}

function countJudged(examples: readonly TuneExample[]): number {
  return examples.reduce((sum, example) => sum + judgedTokens(example), 0);
}

interface Probe extends AsyncDisposable {
  readonly trainer: Trainer;
  readonly rows: ReturnType<typeof packRows>;
  readonly values: Float32Array;
}

async function openProbe(request: ProbeRequest): Promise<Probe> {
  const { weights, weightsDigest, adapter, examples, allowed, threads, workFolder } = request;
  const { provider = "cpu", arithmetic = "f32" } = request;
  const length = chooseRowLength(examples);
  const table = readTokenRows(weights, examples, allowed);
  const trainer = await openTrainer({
    weights,
    weightsDigest,
    settings: adapter,
    arithmetic,
    workFolder,
    threads,
    provider,
    length,
    table,
  });
  return {
    trainer,
    rows: packRows(examples, length),
    values: flattenAdapter(trainer.layout, adapter),
    [Symbol.asyncDispose]: () => trainer[Symbol.asyncDispose](),
  };
}
