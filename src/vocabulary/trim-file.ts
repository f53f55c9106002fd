import { writeAtomically } from "../disk/index.ts";
import {
  ggufChunks,
  rowBytes,
  type GgufFile,
  type GgufMetadata,
  type GgufTensor,
  type GgufValue,
  type TensorToWrite,
} from "../formats/index.ts";
import { SampanError } from "../kernel/index.ts";
import { isTokenId, isTokenIdList } from "./control-tokens.ts";

/** Old ids of the kept tokens, by new id; written into the file, so that it can be mapped back. */
export const keptKey = "sampan.vocabulary.kept";
/** Digest of the file that the ids belong to. */
export const originKey = "sampan.vocabulary.origin";
/** Tensors with one row per token. */
const tokenTensors = ["token_embd.weight", "output.weight"];

export interface TrimRequest {
  readonly file: GgufFile;
  /** sha256 of the file, kept as its origin. */
  readonly digest: string;
  /** Old ids, ascending. */
  readonly kept: Int32Array;
  readonly out: string;
}

/**
 * Writes the file with the kept tokens alone: their rows of embedding and head as they are, byte for byte,
 * everything else unchanged. Memory holds one tensor at a time; a file that cannot be finished is not left.
 */
export function trimFile({ file, digest, kept, out }: TrimRequest): void {
  const metadata = trimMetadata(file, kept, digest);
  const tensors = [...file.tensors.values()].map((tensor): TensorToWrite => {
    if (!tokenTensors.includes(tensor.name)) {
      return { ...tensor, data: () => file.readRaw(tensor.name) };
    }
    const shape = [kept.length, ...tensor.shape.slice(1)];
    return { ...tensor, shape, data: () => readTokenRows(file, tensor, kept) };
  });
  writeAtomically(out, ggufChunks(metadata, tensors));
}

/** The raw rows of some tokens, each run of neighbours read in one go. */
export function readTokenRows(
  file: GgufFile,
  { name, shape, encoding }: GgufTensor,
  ids: Int32Array,
): Uint8Array {
  const length = rowBytes(encoding, shape.at(-1) ?? 1);
  const bytes = new Uint8Array(ids.length * length);
  for (let from = 0, to = 0; from < ids.length; from = to) {
    const first = ids[from] ?? 0;
    for (to = from + 1; ids[to] === first + to - from; to++);
    bytes.set(file.readRaw(name, { first, count: to - from }), from * length);
  }
  return bytes;
}

/** The metadata with every list and every id of tokens renumbered, in the order of the original. */
function trimMetadata(file: GgufFile, kept: Int32Array, digest: string): GgufMetadata {
  const size = file.tensors.get("token_embd.weight")?.shape[0] ?? 0;
  const renumbered = new Map(Array.from(kept, (old, id) => [old, id]));
  const tokens = tokenTexts(file);
  const isKept = new Set(Array.from(kept, (id) => tokens[id] ?? ""));
  const metadata = new Map<string, GgufValue>();
  for (const [key, entry] of file.metadata) {
    // An embedded tokenizer.json would contradict the tables; llama.cpp does not read it.
    if (key === "tokenizer.huggingface.json") continue;
    metadata.set(key, trimEntry(key, entry));
  }
  const old = metadata.get(keptKey);
  // Of a file that was trimmed before, the ids lead back to where it came from.
  const origin = old?.kind === "array" && old.element === "u32" ? old.value : undefined;
  const ids = Uint32Array.from(kept, (id) => origin?.[id] ?? id);
  metadata.set(keptKey, { kind: "array", element: "u32", value: ids });
  if (origin === undefined) metadata.set(originKey, { kind: "text", value: digest });
  return metadata;

  function trimEntry(key: string, entry: GgufValue): GgufValue {
    if (entry.kind === "u32" || entry.kind === "i32") {
      if (key.endsWith(".vocab_size")) return { ...entry, value: kept.length };
      return isTokenId(key) ? { ...entry, value: newId(key, entry.value) } : entry;
    }
    if (entry.kind !== "array" || !key.startsWith("tokenizer.ggml.")) return entry;
    if (key === "tokenizer.ggml.merges" && entry.element === "text") {
      return { ...entry, value: entry.value.filter((merge) => mergeStays(merge, isKept)) };
    }
    if (isTokenIdList(key)) return mapList(entry, (id) => newId(key, id));
    if (entry.value.length === size) return takeRows(entry, kept);
    throw new SampanError("base-unsupported", `${file.name}: ${key} is not understood here`, {
      hint: "Its vocabulary must be kept as it is.",
    });
  }

  function newId(key: string, old: number): number {
    const id = renumbered.get(old);
    if (id !== undefined) return id;
    throw new SampanError("internal", `the token ${old} of ${key} was dropped`, {
      hint: "This is a defect in Sampan; please report it with the command you ran.",
    });
  }
}

/** A merge stays when both its parts and what it makes stay. */
function mergeStays(merge: string, isKept: ReadonlySet<string>): boolean {
  const at = merge.indexOf(" ", 1);
  const [left, right] = [merge.slice(0, at), merge.slice(at + 1)];
  return isKept.has(left) && isKept.has(right) && isKept.has(left + right);
}

function tokenTexts({ metadata }: GgufFile): readonly string[] {
  const entry = metadata.get("tokenizer.ggml.tokens");
  return entry?.kind === "array" && entry.element === "text" ? entry.value : [];
}

type GgufArray = GgufValue & { readonly kind: "array" };

// The element's kind is kept, so each value goes back into an array of its own kind.
function takeRows(entry: GgufArray, kept: Int32Array): GgufValue {
  const value = entry.value as ArrayLike<unknown>;
  const taken = Array.from(kept, (id) => value[id]);
  return { ...entry, value: taken } as GgufValue;
}

function mapList(entry: GgufArray, map: (id: number) => number): GgufValue {
  const value = Array.from(entry.value as ArrayLike<number>, map);
  return { ...entry, value } as GgufValue;
}
