import { writeAtomicallyFrom } from "../disk/index.ts";
import { ggufChunks, rowBytes, type GgufFile } from "../formats/index.ts";
import { SampanError } from "../kernel/index.ts";
import type { Adapter, AdapterPair, Weights } from "../schema/index.ts";
import { checkEncodings, type BlockEncoder } from "./block-encoder.ts";
import { describeFile } from "./file-metadata.ts";
import { mergeRows } from "./merge-rows.ts";
import { planFile, type PlannedTensor } from "./plan-file.ts";
import type { FilePrecision } from "./precision.ts";

/** Weights that are f32 at a time: 16 MiB. */
const slabWeights = 1 << 22;

export interface QuantizeRequest {
  readonly base: GgufFile;
  /** The weights of the same file. */
  readonly weights: Weights;
  /** Merged into the matrices it names; without one the base is only re-encoded. */
  readonly adapter?: Adapter | undefined;
  readonly precision: FilePrecision;
  /** Encode every matrix anew, as llama.cpp's quantizer does with a merged float file. */
  readonly reencodeAll?: boolean;
  /** `general.name` of the new file. */
  readonly name?: string;
  /** Facts written under `sampan.<key>`. */
  readonly provenance?: Readonly<Record<string, string>>;
  readonly encoder: BlockEncoder;
  /** Path of the file to write. */
  readonly out: string;
  /** Told after each tensor. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface QuantizedFile {
  readonly path: string;
  readonly bytes: number;
  readonly tensors: readonly PlannedTensor[];
}

/**
 * Writes the base with the adapter merged in as one GGUF at a precision, tensor by tensor: memory holds
 * two encoded tensors, and a file that could not be finished is not left behind. Same request, same bytes.
 */
export async function mergeAndQuantize(request: QuantizeRequest): Promise<QuantizedFile> {
  const { base, weights, adapter, precision, out, reencodeAll = false } = request;
  const tensors = planFile({
    tensors: base.tensors.values(),
    layers: weights.config.layers,
    adapter,
    precision,
    reencodeAll,
  });
  checkEncodings(
    request.encoder,
    tensors.filter(({ kind }) => kind === "encode").map(({ encoding }) => encoding),
  );
  let bytes = 0;
  async function* counted(): AsyncIterable<Uint8Array> {
    for await (const chunk of fileChunks(request, tensors)) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  await writeAtomicallyFrom(out, counted());
  return { path: out, bytes, tensors };
}

/** The file's pieces in order; while one tensor is written, the next is being encoded. */
async function* fileChunks(
  request: QuantizeRequest,
  tensors: readonly PlannedTensor[],
): AsyncIterable<Uint8Array> {
  const { adapter, onProgress } = request;
  const pairs = new Map(adapter?.pairs.map((pair) => [pair.target, pair]));
  const prepare = (index: number): Promise<Uint8Array> | undefined => {
    const tensor = tensors[index];
    const bytes = tensor && tensorBytes(request, tensor, pairs.get(tensor.name));
    // It is awaited later, or never when writing fails: then its own failure has nobody to tell.
    bytes?.catch(() => undefined);
    return bytes;
  };
  let taken = 0;
  let next = prepare(0);
  let ready: Uint8Array | undefined = await next;
  const data = (): Uint8Array => {
    const bytes = ready ?? new Uint8Array();
    ready = undefined;
    taken++;
    onProgress?.(taken, tensors.length);
    return bytes;
  };
  const metadata = describeFile(
    request.base.metadata,
    request.precision,
    request.name,
    request.provenance ?? {},
  );
  const chunks = ggufChunks(
    metadata,
    tensors.map((tensor) => ({ ...tensor, data })),
  )[Symbol.iterator]();
  next = prepare(1);
  for (let chunk = chunks.next(); chunk.done !== true; chunk = chunks.next()) {
    yield chunk.value;
    // Taking a chunk may ask for the next tensor's bytes, so they are made ready before.
    if (ready === undefined && next !== undefined) {
      ready = await next;
      next = prepare(taken + 1);
    }
  }
}

/** Encodes slab after slab of rows; while llama.cpp encodes one, the next is read and merged. */
async function tensorBytes(
  request: QuantizeRequest,
  tensor: PlannedTensor,
  pair: AdapterPair | undefined,
): Promise<Uint8Array> {
  const { base, weights, adapter, encoder } = request;
  const { name, shape, encoding } = tensor;
  if (tensor.kind === "copy") return base.readRaw(name);
  const columns = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((product, extent) => product * extent, 1);
  const bytes = new Uint8Array(rows * rowBytes(encoding, columns));
  const slab = Math.max(1, Math.floor(slabWeights / columns));
  let running: Promise<void> = Promise.resolve();
  for (let first = 0; first < rows; first += slab) {
    const count = Math.min(slab, rows - first);
    const values = weights.readRows(name, range(first, count));
    if (pair !== undefined && adapter !== undefined) {
      mergeRows(values, pair, adapter.alpha / adapter.rank, first);
    }
    checkFinite(values, name, base.name);
    await running;
    running = encoder.encode(encoding, values, columns).then((encoded) => {
      bytes.set(encoded, first * rowBytes(encoding, columns));
    });
    // Should reading the next slab fail first, this one's own failure has nobody to tell.
    running.catch(() => undefined);
  }
  await running;
  return bytes;
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

/** An infinity or NaN would spoil its whole block silently; a sum in f64 is finite only without any. */
function checkFinite(values: Float32Array, name: string, file: string): void {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number; // i is below the length
  if (Number.isFinite(total)) return;
  throw new SampanError("format-corrupt", `${name} of ${file} with its adapter is not finite`, {
    hint: "Check the base's sha256; if it is right, the tuning diverged: tune again at a lower rate.",
  });
}
