/**
 * Tuning speed beside PyTorch + PEFT, one process per contender, taking turns; medians of all steps but
 * each process's first two.
 *
 *   node bench/tune-speed.ts BASE.gguf ... [--shapes 4x64,8x128,4x512,records] [--turns 2] [--steps 6]
 *        [--threads 2] [--contenders sampan-f32,peft-all] [--python bench/peers/.venv/bin/python]
 *
 * Shapes are records x tokens, 8 answer tokens each; `records` are short ones as in the industry-code
 * example (13 tokens on average, four of them the answer). A contender gets them as its user would: PEFT
 * in padded batches of 8, Sampan in its default batches, packed. Tokens are those of the records, also
 * where `sampan-decisions` leaves out what its closed answers force.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { quantile, Random } from "../src/kernel/index.ts";

interface Timing {
  readonly seconds: readonly number[];
  readonly peakBytes: number;
}
type Batches = readonly (readonly { prompt: number[]; answer: number[]; id: string }[])[];

const { values: flags, positionals: bases } = parseArgs({
  allowPositionals: true,
  options: {
    shapes: { type: "string", default: "4x64,8x128,4x512,records" },
    turns: { type: "string", default: "2" },
    steps: { type: "string", default: "6" },
    threads: { type: "string", default: "2" },
    contenders: {
      type: "string",
      default: "sampan-f32,sampan-int8,sampan-decisions,peft-all,peft-answers,peft-bf16",
    },
    python: { type: "string", default: "bench/peers/.venv/bin/python" },
  },
});
const known = [
  "sampan-f32",
  "sampan-int8",
  "sampan-decisions",
  "peft-all",
  "peft-answers",
  "peft-bf16",
] as const;
const contenders = known.filter((name) => flags.contenders.split(",").includes(name));
const folder = mkdtempSync(join(tmpdir(), "sampan-tune-speed-"));
try {
  for (const base of bases) for (const shape of flags.shapes.split(",")) compare(base, shape);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function compare(base: string, shape: string): void {
  const rates = new Map(contenders.map((name) => [name, [] as number[]]));
  const peaks = new Map<string, number>();
  for (let turn = 0; turn < Number(flags.turns); turn++) {
    for (const name of contenders) {
      const batches = makeBatches(shape, name.startsWith("sampan"));
      // What a closed task is tuned on: the answer up to its decision; the user's tokens are the same.
      const fed =
        name === "sampan-decisions"
          ? batches.map((batch) => batch.map((one) => ({ ...one, answer: one.answer.slice(0, 1) })))
          : batches;
      const { seconds, peakBytes } = time(name, base, fed);
      seconds.slice(2).forEach((second, index) => {
        const batch = batches[index + 2] ?? [];
        const tokens = batch.reduce((sum, one) => sum + one.prompt.length + one.answer.length, 0);
        rates.get(name)?.push(tokens / second);
      });
      peaks.set(name, peakBytes);
      console.error(`${basename(base)} ${shape} ${name}: turn ${turn + 1} of ${flags.turns}`);
    }
  }
  const ours = quantile(rates.get("sampan-f32") ?? [], 0.5);
  for (const name of contenders) {
    const rate = quantile(rates.get(name) ?? [], 0.5);
    const memory = ((peaks.get(name) ?? 0) / 1e9).toFixed(2);
    console.log(
      `${basename(base)}  ${shape}  ${name}: ${rate.toFixed(0)} tokens/s, peak ${memory} GB, Sampan's f32 is ${(ours / rate).toFixed(2)}x`,
    );
  }
}

function time(name: (typeof contenders)[number], base: string, batches: Batches): Timing {
  const path = join(folder, "batches.json");
  writeFileSync(path, JSON.stringify(batches));
  const here = import.meta.dirname;
  const out = name.startsWith("sampan")
    ? execFileSync(process.execPath, [
        join(here, "tune-speed-sampan.ts"),
        base,
        path,
        folder,
        flags.threads,
        name === "sampan-int8" ? "int8" : "f32",
      ])
    : execFileSync(
        flags.python,
        [join(here, "peers/tune_speed.py"), base, path, name.slice("peft-".length), flags.threads],
        { stdio: ["ignore", "pipe", "ignore"] },
      );
  return JSON.parse(out.toString()) as Timing;
}

function makeBatches(shape: string, packed: boolean): Batches {
  const random = new Random(3, shape);
  const tokens = (count: number, below: number) =>
    Array.from({ length: count }, () => 300 + random.below(below));
  const record = (size: number, answer: number) => ({
    id: "",
    prompt: tokens(size - answer, 30_000),
    answer: tokens(answer, 200),
  });
  const short = () => record(7 + random.below(13), 2 + random.below(5));
  const [rows = 8, size = 0] = shape.split("x").map(Number);
  const steps = Number(flags.steps) + 2;
  return Array.from({ length: steps }, () =>
    shape === "records"
      ? Array.from({ length: packed ? 24 : 8 }, short)
      : Array.from({ length: rows }, () => record(size, 8)),
  );
}
