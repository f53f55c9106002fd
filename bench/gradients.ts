/**
 * Compares loss and every adapter gradient with PyTorch + PEFT on the same batch and real weights.
 *
 *   node bench/gradients.ts BASE.gguf EXAMPLES.json [--python bench/peers/.venv/bin/python]
 *
 * EXAMPLES.json holds [{prompt, answer}] in the base's token ids.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { digestFile, openByteFile, writeAtomically } from "../src/disk/index.ts";
import { ggufWeights, openGguf, openSafetensors } from "../src/formats/index.ts";
import { Random } from "../src/kernel/index.ts";
import { gradientsOf, writePeftAdapter, type TuneExample } from "../src/tune/index.ts";
import { adapterOf, allProjections, layOutAdapter } from "../src/tune/model/adapter-layout.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { python: { type: "string", default: "bench/peers/.venv/bin/python" } },
});
const [base = "", examplesPath = ""] = positionals;
const folder = mkdtempSync(join(tmpdir(), "sampan-gradients-"));
try {
  using file = openByteFile(base);
  const weights = ggufWeights(openGguf(file));
  const given = JSON.parse(readFileSync(examplesPath, "utf8")) as Omit<TuneExample, "id">[];
  const examples = given.map((example, index) => ({ ...example, id: `${index}` }));
  const allowed = [...new Set(examples.flatMap(({ answer }) => answer))];
  const layout = layOutAdapter(weights.config, 8, allProjections);
  const random = new Random(7, "gradients");
  const values = Float32Array.from({ length: layout.size }, () => 0.02 * random.normal());
  const adapter = adapterOf(layout, values, 16);
  for (const { name, chunks } of writePeftAdapter(adapter, weights.config, base)) {
    writeAtomically(join(folder, name), chunks);
  }
  const ours = await gradientsOf({
    weights,
    weightsDigest: digestFile(base),
    adapter,
    examples,
    allowed,
    threads: 2,
    workFolder: folder,
  });
  writeFileSync(join(folder, "batch.json"), JSON.stringify({ examples, allowed }));
  const out = join(folder, "theirs.safetensors");
  const script = join(import.meta.dirname, "peers", "gradients.py");
  execFileSync(flags.python, [script, base, folder, join(folder, "batch.json"), out]);
  using theirsFile = openByteFile(out);
  const theirs = openSafetensors(theirsFile);
  const [loss = 0] = theirs.read("loss");
  console.log(`loss ${ours.loss} against ${loss}: relative ${Math.abs(ours.loss - loss) / loss}`);
  const [model] = writePeftAdapter(ours.gradient, weights.config, base);
  writeAtomically(join(folder, "ours.safetensors"), model?.chunks ?? []);
  using oursFile = openByteFile(join(folder, "ours.safetensors"));
  const mine = openSafetensors(oursFile);
  const errors = [...mine.tensors.keys()]
    .map((name) => ({ name, error: relativeError(mine.read(name), theirs.read(name)) }))
    .sort((a, b) => b.error - a.error);
  console.log(
    `${errors.length} tensors; relative L2 errors: median`,
    errors[errors.length >> 1]?.error,
  );
  for (const { name, error } of errors.slice(0, 3))
    console.log(`  ${error.toExponential(2)} ${name}`);
  const passed = Math.abs(ours.loss - loss) / loss <= 1e-5 && (errors[0]?.error ?? 1) <= 1e-3;
  console.log(passed ? "passed" : "FAILED");
  process.exitCode = passed ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function relativeError(a: Float32Array, b: Float32Array): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
    norm += (b[i] ?? 0) ** 2;
  }
  return Math.sqrt(difference / norm);
}
