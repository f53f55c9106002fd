import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  checkVocabulary,
  convertFolder,
  ggufChunks,
  ggufWeights,
  memorySource,
  openGguf,
  openSafetensors,
  type ModelFolder,
} from "../src/formats/index.ts";
import { Random, SampanError } from "../src/kernel/index.ts";

/**
 * Mutates GGUF and safetensors files and Hugging Face folders at random and reads them: each must be read
 * or refused with a SampanError, quickly and without a large allocation. Run:
 * node bench/fuzz-readers.ts [mutations per reader, 100000] [seed]
 * A folder's JSON files get a twentieth of that, because each round converts a whole folder.
 */
const [mutations = 100_000, seed = 1] = process.argv.slice(2).map(Number);
const slowMilliseconds = 2_000;
const families = join(import.meta.dirname, "../test/fixtures/families");

function folderOf(name: string, replaced: ReadonlyMap<string, Uint8Array>): ModelFolder {
  const read = (file: string): Uint8Array | undefined => {
    const path = join(families, name, file);
    return replaced.get(file) ?? (existsSync(path) ? readFileSync(path) : undefined);
  };
  return {
    name,
    text: (file) => {
      const bytes = read(file);
      return bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8");
    },
    source: (file) => {
      const bytes = read(file);
      return bytes === undefined ? undefined : memorySource(file, bytes);
    },
  };
}

/** Flips bits, writes extreme numbers, cuts, repeats or removes stretches; mostly in the header. */
function mutate(original: Uint8Array, headerBytes: number, random: Random): Uint8Array {
  let bytes = new Uint8Array(original);
  const extremes = [0, 1, 0x7f, 0x80, 0xff];
  for (let edits = 1 + random.below(4); edits > 0; edits--) {
    const reach = random.next() < 0.9 ? Math.min(headerBytes, bytes.length) : bytes.length;
    const at = random.below(Math.max(1, reach));
    const length = 1 + random.below(16);
    switch (random.below(6)) {
      case 0:
      case 1:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 2:
        bytes.fill(extremes[random.below(extremes.length)] ?? 0, at, at + length);
        break;
      case 3:
        bytes.set(bytes.slice(at, at + length), random.below(Math.max(1, bytes.length - length)));
        break;
      case 4:
        bytes = bytes.slice(0, random.below(bytes.length) + 1);
        break;
      default:
        bytes = new Uint8Array(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]));
    }
  }
  return bytes;
}

/** Puts odd values into random places of a JSON text, so that more than its syntax is tried. */
function mutateJson(original: Uint8Array, random: Random): Uint8Array {
  const odd = [null, true, -1, 0, 1e300, 2 ** 31, "", "\ud800", "x", [], {}, [[]], ["a", "b"]];
  const root: unknown = JSON.parse(Buffer.from(original).toString("utf8"));
  for (let edits = 1 + random.below(3); edits > 0; edits--) {
    let node = root;
    while (typeof node === "object" && node !== null) {
      // Arrays are objects with numbered keys.
      const keys = Object.keys(node);
      const key = keys[random.below(keys.length)] ?? "new";
      const inner: unknown = Reflect.get(node, key);
      if (typeof inner !== "object" || inner === null || random.next() < 0.2) {
        const value = random.next() < 0.2 ? undefined : odd[random.below(odd.length)];
        Reflect.set(node, key, structuredClone(value));
        break;
      }
      node = inner;
    }
  }
  return Buffer.from(JSON.stringify(root));
}

function readGguf(bytes: Uint8Array): void {
  const weights = ggufWeights(openGguf(memorySource("fuzzed.gguf", bytes)));
  weights.read("output_norm.weight");
  weights.readRows("token_embd.weight", [0]);
}

function readSafetensors(bytes: Uint8Array): void {
  const file = openSafetensors(memorySource("fuzzed.safetensors", bytes));
  for (const name of file.tensors.keys()) file.read(name);
}

function readFolder(file: string): (bytes: Uint8Array) => void {
  return (bytes) => {
    const { metadata, tensors } = convertFolder(folderOf("mistral", new Map([[file, bytes]])));
    const written = Buffer.concat([...ggufChunks(metadata, tensors)]);
    const converted = openGguf(memorySource("converted.gguf", written));
    checkVocabulary(converted, ggufWeights(converted).config.vocabulary);
  };
}

function fuzz(
  name: string,
  original: Uint8Array,
  header: number,
  read: (bytes: Uint8Array) => void,
  rounds: number,
): void {
  const random = new Random(seed, name);
  const outcomes = new Map<string, number>();
  let slowest = 0;
  for (let round = 0; round < rounds; round++) {
    const isJson = name.endsWith(".json") && random.next() < 0.8;
    const bytes = isJson ? mutateJson(original, random) : mutate(original, header, random);
    const start = performance.now();
    let outcome = "read";
    try {
      read(bytes);
    } catch (thrown) {
      if (!SampanError.isInstance(thrown)) {
        console.error(`${name}, seed ${seed}, round ${round}: not a SampanError`);
        throw thrown;
      }
      outcome = thrown.code;
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    slowest = Math.max(slowest, performance.now() - start);
  }
  const counts = [...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(`${name}: ${counts}; slowest ${slowest.toFixed(1)} ms; peak ${peak} MB`);
  if (slowest > slowMilliseconds) throw new Error(`${name}: one file took ${slowest} ms`);
}

const converted = convertFolder(folderOf("qwen3", new Map()));
const gguf = Buffer.concat([...ggufChunks(converted.metadata, converted.tensors)]);
const safetensors = readFileSync(join(families, "qwen2/model.safetensors"));
fuzz("gguf", gguf, 24_000, readGguf, mutations);
fuzz("safetensors", safetensors, 4_000, readSafetensors, mutations);
for (const file of ["config.json", "tokenizer.json", "tokenizer_config.json"]) {
  const bytes = readFileSync(join(families, "mistral", file));
  fuzz(file, bytes, bytes.length, readFolder(file), Math.ceil(mutations / 20));
}
