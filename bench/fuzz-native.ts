import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getLlama, LlamaLogLevel } from "node-llama-cpp";
import { checkVocabulary, ggufWeights, memorySource, openGguf } from "../src/formats/index.ts";
import { openBase } from "../src/intake/index.ts";
import { Random, SampanError } from "../src/kernel/index.ts";

/**
 * What the checks of a base let through must not end llama.cpp's process: mutated headers of tiny models of
 * every family, loaded and evaluated in a child each. Run: node bench/fuzz-native.ts [per family, 1000]
 */
const families = ["llama", "smollm", "mistral", "qwen2", "qwen3", "gemma3"];
const fixtures = join(import.meta.dirname, "../test/fixtures/families");
const headerBytes = 14_000;

function mutate(original: Uint8Array, random: Random): Uint8Array {
  const bytes = new Uint8Array(original);
  for (let edits = 1 + random.below(3); edits > 0; edits--) {
    const at = random.below(headerBytes);
    const extreme = [0, 1, 127, 255][random.below(4)] ?? 0;
    bytes[at] = random.next() < 0.6 ? (bytes[at] ?? 0) ^ (1 << random.below(8)) : extreme;
  }
  return bytes;
}

function isRefused(bytes: Uint8Array): boolean {
  try {
    const file = openGguf(memorySource("fuzzed", bytes));
    checkVocabulary(file, ggufWeights(file).config.vocabulary);
    return false;
  } catch (thrown) {
    if (SampanError.isInstance(thrown)) return true;
    throw thrown;
  }
}

async function loadAll(folder: string, path: string, rounds: number): Promise<void> {
  const original = readFileSync(path);
  const llama = await getLlama({
    gpu: false,
    build: "never",
    maxThreads: 1,
    logLevel: LlamaLogLevel.disabled,
  });
  const counts = { refused: 0, loaded: 0, failed: 0 };
  for (let round = 0; round < rounds; round++) {
    const bytes = mutate(original, new Random(round, "native"));
    if (isRefused(bytes)) {
      counts.refused++;
      continue;
    }
    const modelPath = join(folder, "fuzzed.gguf");
    writeFileSync(modelPath, bytes);
    writeFileSync(join(folder, "round"), String(round));
    try {
      const model = await llama.loadModel({ modelPath });
      const context = await model.createContext({ contextSize: 64, threads: 1 });
      const ids = model.tokenize("Station 12: é\n\n 水泵  ok", false);
      await context.getSequence().evaluateWithoutGeneratingNewTokens(ids);
      await model.dispose();
      counts.loaded++;
    } catch {
      // llama.cpp refused it in its own words, which is as good.
      counts.failed++;
    }
  }
  console.log(JSON.stringify(counts));
  process.exit(0);
}

async function main(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sampan-native-"));
  let ended = 0;
  for (const family of families) {
    const where = { home: folder, baseFolder: fixtures, emit: () => {}, environment: {} };
    const { path } = await openBase(family, where);
    const args = [import.meta.filename, "child", folder, path, String(rounds)];
    const child = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (child.status !== 0) ended++;
    const last = readFileSync(join(folder, "round"), "utf8");
    const said = child.status === 0 ? child.stdout : `ended in round ${last}: ${child.stderr}`;
    console.log(`${family}: ${said.trim()}`);
  }
  rmSync(folder, { recursive: true });
  process.exitCode = ended === 0 ? 0 : 1;
}

const [mode, folder = "", path = "", rounds] = process.argv.slice(2);
await (mode === "child" ? loadAll(folder, path, Number(rounds)) : main(Number(mode ?? 1000)));
