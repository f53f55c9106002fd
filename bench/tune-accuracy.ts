/**
 * Accuracy after the same recipe (rank, rate, schedule, epochs, some 24 records per step) beside PyTorch + PEFT, over
 * several seeds of one task whose answers are decided by their first token. PEFT is trained as its users
 * train: on whole answers, against the whole vocabulary. Both are asked the same way.
 *
 *   node bench/tune-accuracy.ts BASE.gguf TASK.yaml [--seeds 1,2,3] [--records 600] [--epochs 3]
 *     [--losses decisions,tokens] [--home .sampan] [--python bench/peers/.venv/bin/python]
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readTaskFile } from "../src/data/index.ts";
import { digestFile } from "../src/disk/index.ts";
import { mean, Random } from "../src/kernel/index.ts";
import { allowedTokens } from "../src/operations/build/allowed-tokens.ts";
import { loadData } from "../src/operations/build/load-data.ts";
import { openWeights } from "../src/operations/build/open-weights.ts";
import { toExamples } from "../src/operations/build/tune-stage.ts";
import { openTokenizer } from "../src/runtime/index.ts";
import { logitsOf, tune, type TuneExample } from "../src/tune/index.ts";
import { fedTokens } from "../src/tune/pack.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "1,2,3" },
    records: { type: "string", default: "600" },
    epochs: { type: "string", default: "3" },
    losses: { type: "string", default: "decisions,tokens" },
    home: { type: "string", default: ".sampan" },
    python: { type: "string", default: "bench/peers/.venv/bin/python" },
  },
});
const [basePath = "", taskPath = ""] = positionals;
const threads = 2;
const recordsPerStep = 24;
const folder = mkdtempSync(join(tmpdir(), "sampan-tune-accuracy-"));
try {
  await compare();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compare(): Promise<void> {
  const file = await readTaskFile(resolve(taskPath));
  const data = await loadData(file, {
    cwd: process.cwd(),
    home: resolve(flags.home),
    emit: () => undefined,
    now: Date.now,
    clock: () => performance.now(),
    signal: new AbortController().signal,
    environment: process.env,
    command: "bench",
    screen: { columns: 100, colour: false },
  });
  await using tokenizer = await openTokenizer(basePath);
  using open = openWeights(basePath);
  const examplesOf = (loss: "decisions" | "tokens") => {
    const task = { ...file.task, tune: { ...file.task.tune, loss } };
    const drawn = new Random(1, "bench").shuffle(data.splits.train).slice(0, Number(flags.records));
    return {
      train: toExamples(task, drawn, tokenizer),
      test: toExamples(task, data.splits.test, tokenizer),
    };
  };
  const decided = examplesOf("decisions");
  const rivals = decided.test[0]?.decisions?.[0]?.among ?? [];
  const oneDecision = decided.test.every(
    ({ decisions = [] }) => decisions.length === 1 && decisions[0]?.at === 0,
  );
  if (!oneDecision) throw new Error("this bench wants answers that their first token decides");
  const epochs = Number(flags.epochs);
  const settings = { rank: 8, alpha: 16, learningRate: 1e-3, epochs, warmup: 0.06, clip: 1 };
  const shares = new Map<string, number[]>();
  const note = (name: string, right: number, seconds: number): void => {
    const share = right / decided.test.length;
    shares.set(name, [...(shares.get(name) ?? []), share]);
    console.error(`${name}: ${(100 * share).toFixed(1)} % in ${seconds.toFixed(0)} s`);
  };
  for (const seed of flags.seeds.split(",").map(Number)) {
    for (const loss of ["decisions", "tokens"] as const) {
      if (!flags.losses.split(",").includes(loss)) continue;
      const { train } = examplesOf(loss);
      const fed = train.reduce((sum, one) => sum + fedTokens(one), 0);
      const workFolder = join(folder, `${loss}-${seed}`);
      mkdirSync(workFolder);
      const allowed = allowedTokens(file.task.output, [...train, ...decided.test], tokenizer);
      const request = { weights: open.weights, weightsDigest: digestFile(basePath), threads };
      // Steps are whole packed rows, so the number of records is met on average only.
      const batchTokens = Math.round((recordsPerStep * fed) / train.length);
      const { adapter, seconds } = await tune({
        ...request,
        train,
        validation: [],
        allowed,
        settings: { ...settings, batchTokens },
        seed,
        workFolder,
        clock: () => performance.now(),
      });
      const scored = { ...request, adapter, workFolder, examples: decided.test, allowed };
      const logits = await logitsOf(scored);
      const right = decided.test.filter((one) => isRight(one, logits.get(one.id), allowed)).length;
      note(`Sampan, loss over ${loss}`, right, seconds);
      rmSync(workFolder, { recursive: true });
    }
    const trial = join(folder, "trial.json");
    const { train } = examplesOf("tokens");
    const { test } = decided;
    writeFileSync(trial, JSON.stringify({ train, test, rivals, settings, recordsPerStep }));
    const script = join(import.meta.dirname, "peers/tune_accuracy.py");
    const out = execFileSync(flags.python, [script, basePath, trial, `${seed}`, `${threads}`], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const peer = JSON.parse(out.toString()) as { right: number; seconds: number };
    note("PyTorch + PEFT", peer.right, peer.seconds);
  }
  for (const [name, values] of shares) {
    const share = mean(values);
    const error = Math.sqrt((share * (1 - share)) / decided.test.length);
    console.log(
      `${name}: ${(100 * share).toFixed(1)} % of ${decided.test.length} right, ${values.length} seeds, standard error ${(100 * error).toFixed(1)}`,
    );
  }
}

/** Whether the allowed rival with the highest logit is the answer's first token. */
function isRight(
  { answer, decisions }: TuneExample,
  logits: Float32Array | undefined,
  allowed: readonly number[],
): boolean {
  const scoreOf = (id: number): number => logits?.[allowed.indexOf(id)] ?? -Infinity;
  const among = decisions?.[0]?.among ?? [];
  const best = among.reduce((leader, id) => (scoreOf(id) > scoreOf(leader) ? id : leader));
  return best === answer[0];
}
