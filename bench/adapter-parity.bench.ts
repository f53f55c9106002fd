/**
 * One adapter by every road: PEFT, llama.cpp with the adapter beside its base, llama.cpp with the merged
 * file at several precisions; each against Sampan's own logits, on held-out records. The first three must
 * agree on every top token; what quantizing costs is shown beside them.
 *
 *   node bench/adapter-parity.bench.ts BASE.gguf TASK.yaml [--adapter TUNE_STAGE_FOLDER] [--records 64]
 *     [--precisions F16,Q8_0] [--home .sampan] [--python bench/peers/.venv/bin/python]
 *
 * llama.cpp looks GELU up in a table of halves, so on Gemma its f32 differs by some hundredths. Without
 * --adapter a short tuning on the task's own records makes one.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readTaskFile } from "../src/data/index.ts";
import { digestFile, openByteFile } from "../src/disk/index.ts";
import { openSafetensors } from "../src/formats/index.ts";
import { readAdapterFiles, writeAdapterFiles } from "../src/operations/build/adapter-files.ts";
import { loadData } from "../src/operations/build/load-data.ts";
import { openWeights } from "../src/operations/build/open-weights.ts";
import { toExamples } from "../src/operations/build/tune-stage.ts";
import { loadBlockEncoder, mergeAndQuantize, precisions } from "../src/quantize/index.ts";
import type { FilePrecision } from "../src/quantize/index.ts";
import { openTokenizer } from "../src/runtime/index.ts";
import { logitsOf, tune } from "../src/tune/index.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    adapter: { type: "string" },
    records: { type: "string", default: "64" },
    precisions: { type: "string", default: "F16,Q8_0,Q6_K,Q5_K_M,Q4_K_M,Q4_1,Q4_0" },
    home: { type: "string", default: ".sampan" },
    python: { type: "string", default: "bench/peers/.venv/bin/python" },
  },
});
const [basePath = "", taskPath = ""] = positionals;
const quantized = flags.precisions
  .split(",")
  .filter((name): name is FilePrecision => name in precisions);
const threads = 2;
const folder = mkdtempSync(join(tmpdir(), "sampan-adapter-"));
try {
  const file = await readTaskFile(resolve(taskPath));
  const data = await loadData(file, {
    cwd: process.cwd(),
    home: resolve(flags.home),
    emit: () => undefined,
    now: Date.now,
    clock: () => performance.now(),
    signal: new AbortController().signal,
    screen: { columns: 100, colour: false },
    environment: process.env,
    command: "bench",
  });
  await using tokenizer = await openTokenizer(basePath);
  // Every token of the answers is compared, whatever the task's own tuning judges.
  const task = { ...file.task, tune: { ...file.task.tune, loss: "tokens" as const } };
  const [train, test] = [data.splits.train, data.splits.test].map((records) =>
    toExamples(task, records, tokenizer),
  );
  if (train === undefined || test === undefined) throw new Error("no records");
  const examples = test.slice(0, Number(flags.records));
  const answers = [...train, ...test].flatMap(({ answer }) => answer);
  const allowed = [...new Set(answers)].sort((a, b) => a - b);
  using open = openWeights(basePath);
  const { weights, file: base } = open;
  const request = { weights, weightsDigest: digestFile(basePath), allowed, threads };
  const workFolder = join(folder, "work");
  mkdirSync(workFolder);
  const adapter =
    flags.adapter === undefined
      ? (
          await tune({
            ...request,
            train: train.slice(0, 256),
            validation: [],
            settings: { epochs: 1, rank: 8 },
            seed: 1,
            workFolder,
            clock: () => performance.now(),
          })
        ).adapter
      : readAdapterFiles(flags.adapter, weights.config);
  writeAdapterFiles(folder, adapter, weights.config, basePath);
  const ours = await logitsOf({ ...request, adapter, examples, workFolder });
  rmSync(workFolder, { recursive: true });
  const batch = join(folder, "batch.json");
  writeFileSync(batch, JSON.stringify({ examples, allowed }));
  const encoder = await loadBlockEncoder(threads);
  const model = join(folder, "model.gguf");
  const write = (precision: FilePrecision, merged: boolean) =>
    mergeAndQuantize({
      base,
      weights,
      adapter: merged ? adapter : undefined,
      precision,
      reencodeAll: precision === "F32",
      encoder,
      out: model,
    });
  console.log(`${examples.length} held-out records, ${allowed.length} tokens compared`);
  const gguf = join(folder, "adapter.gguf");
  let passed = compare("PEFT, f32", "peft", basePath, join(folder, "adapter"));
  await write("F32", false);
  passed = compare("llama.cpp, base F32 + adapter.gguf", "llama", model, gguf) && passed;
  await write("F32", true);
  passed = compare("llama.cpp, merged F32", "llama", model, "-") && passed;
  compare("llama.cpp, base as it is + adapter.gguf", "llama", basePath, gguf);
  for (const precision of quantized) {
    await write(precision, true);
    compare(`llama.cpp, merged ${precision}`, "llama", model, "-");
  }
  console.log(passed ? "passed" : "FAILED");
  process.exitCode = passed ? 0 : 1;

  function compare(label: string, route: string, path: string, beside: string): boolean {
    const out = join(folder, "out.safetensors");
    const script = join(import.meta.dirname, "peers", "adapter_logits.py");
    execFileSync(flags.python, [script, route, path, beside, batch, out], { stdio: "pipe" });
    using bytes = openByteFile(out);
    const theirs = openSafetensors(bytes);
    let [same, all, largest] = [0, 0, 0];
    for (const [id, mine] of ours) {
      const other = theirs.read(id);
      if (other.length !== mine.length) throw new Error(`${label} gave ${other.length} logits`);
      for (let from = 0; from < mine.length; from += allowed.length) {
        const [a, b] = [mine, other].map((logits) => logits.subarray(from, from + allowed.length));
        if (a === undefined || b === undefined) continue;
        all++;
        if (top(a) === top(b)) same++;
        a.forEach((value, i) => (largest = Math.max(largest, Math.abs(value - (b[i] ?? 0)))));
      }
    }
    console.log(
      `${label.padEnd(40)} same top token ${same}/${all}, largest logit difference ${largest.toExponential(2)}`,
    );
    return same === all;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function top(values: Float32Array): number {
  return values.indexOf(Math.max(...values));
}
