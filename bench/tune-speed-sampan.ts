/**
 * Times Sampan's training steps on given batches, for `tune-speed.ts`.
 *
 *   node bench/tune-speed-sampan.ts BASE.gguf BATCHES.json WORK_FOLDER THREADS [f32|int8]
 *
 * Prints {"seconds": [...], "peakBytes": n}.
 */
import { readFileSync } from "node:fs";
import { openByteFile } from "../src/disk/index.ts";
import { ggufWeights, openGguf } from "../src/formats/index.ts";
import type { TuneExample } from "../src/tune/index.ts";
import { readTokenRows } from "../src/tune/batch.ts";
import { allProjections } from "../src/tune/model/adapter-layout.ts";
import { clipGradient, startOptimizer, takeStep } from "../src/tune/optimizer.ts";
import { chooseRowLength, packRows } from "../src/tune/pack.ts";
import { startAdapter } from "../src/tune/start-adapter.ts";
import { openTrainer } from "../src/tune/trainer.ts";

const [base = "", path = "", workFolder = "", threads = "2", arithmetic = "f32"] =
  process.argv.slice(2);
using file = openByteFile(base);
const weights = ggufWeights(openGguf(file));
const batches = JSON.parse(readFileSync(path, "utf8")) as TuneExample[][];
const all = batches.flat();
const length = chooseRowLength(all);
const settings = { rank: 8, alpha: 16, modules: allProjections };
await using trainer = await openTrainer({
  weights,
  weightsDigest: base.replaceAll(/\W/g, "-").slice(-16),
  settings,
  arithmetic: arithmetic === "int8" ? "int8" : "f32",
  workFolder,
  threads: Number(threads),
  provider: "cpu",
  length,
  table: readTokenRows(weights, all, [...new Set(all.flatMap(({ answer }) => answer))]),
});
const values = startAdapter(trainer.layout, 1);
const optimizer = startOptimizer(values.length);
const seconds: number[] = [];
for (const batch of batches) {
  const start = performance.now();
  const gradient = new Float32Array(values.length);
  const answers = batch.reduce((sum, { answer }) => sum + answer.length, 0);
  await trainer.addGradient(packRows(batch, length), values, gradient, 1 / answers);
  clipGradient(gradient, 1);
  takeStep(values, gradient, optimizer, { rate: 1e-3, weightDecay: 0 });
  seconds.push((performance.now() - start) / 1000);
}
console.log(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
