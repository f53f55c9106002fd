/**
 * A base beside itself with the vocabulary of a task, taking turns in one run: file, memory, bounded answers,
 * decoded tokens, tuning. Processor time stands beside the clock's, because a busy machine blurs the clock; with
 * one thread, because llama.cpp's threads wait for each other by spinning, which counts as work.
 *
 *   node bench/vocabulary.ts BASE.gguf [--task examples/industry-code/task.yaml] [--home .sampan]
 *     [--requests 16] [--rounds 3] [--threads 1] [--steps 8]
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readTaskFile } from "../src/data/index.ts";
import { digestFile } from "../src/disk/index.ts";
import { answerGrammar, framePrompt } from "../src/framing/index.ts";
import { quantile } from "../src/kernel/index.ts";
import { loadData } from "../src/operations/build/load-data.ts";
import { toExamples } from "../src/operations/build/tune-stage.ts";
import { taskTexts } from "../src/operations/vocabulary/task-texts.ts";
import { compileGrammar, encodePrompt, openModel, openTokenizer } from "../src/runtime/index.ts";
import type { Grammar } from "../src/schema/index.ts";
import { trimVocabulary } from "../src/vocabulary/index.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    task: { type: "string", default: "examples/industry-code/task.yaml" },
    home: { type: "string", default: ".sampan" },
    requests: { type: "string", default: "16" },
    rounds: { type: "string", default: "3" },
    threads: { type: "string", default: "1" },
    steps: { type: "string", default: "8" },
  },
});
const whole = resolve(positionals[0] ?? "");
const threads = Number(flags.threads);
const clock = (): number => performance.now();
/** Text that no grammar settles: as many characters are decoded as there are to be. */
const freeText: Grammar = { kind: "text", encoding: "line", min: 40, max: 40 };

interface Timing {
  readonly clock: number[];
  readonly processor: number[];
}

const folder = mkdtempSync(join(tmpdir(), "sampan-vocabulary-"));
try {
  await compare();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compare(): Promise<void> {
  const { task, data } = await readTask();
  const { train, validation, test } = data.splits;
  const trimmed = join(folder, "trimmed.gguf");
  const start = clock();
  const { choice, before } = trimVocabulary({
    path: whole,
    digest: digestFile(whole),
    texts: () => taskTexts(task, [...train, ...validation]),
    out: trimmed,
  });
  const seconds = (clock() - start) / 1000;
  const peak = process.resourceUsage().maxRSS / 1e6;
  console.log(
    `trim: ${before} to ${choice.kept.length} tokens in ${seconds.toFixed(1)} s with the proof, ${peak.toFixed(2)} GB resident`,
  );
  const sizes = [whole, trimmed].map((path) => statSync(path).size / 1e6);
  row("file, MB", sizes);
  const prompts = test.slice(0, Number(flags.requests)).map(({ input }) => ({
    text: framePrompt(task.input, input),
    sources: [],
  }));
  const closed = await answerInTurns([whole, trimmed], prompts, answerGrammar(task.output));
  row("memory set aside by llama.cpp, MB", closed.memory);
  times("bounded answer", closed.timings);
  console.log(`  the same answers: ${same(closed.answers)} of ${prompts.length}`);
  const open = await answerInTurns([whole, trimmed], prompts.slice(0, 4), freeText);
  times("40 characters of free text", open.timings);
  console.log(`  the same answers: ${same(open.answers)} of 4`);
  const batches = await Promise.all(
    [whole, trimmed].map(async (path, index) => {
      await using tokenizer = await openTokenizer(path);
      // Whole answers: which places are judged is not what is compared here.
      const examples = toExamples(task, train.slice(0, 24 * Number(flags.steps)), tokenizer).map(
        ({ id, prompt, answer }) => ({ id, prompt, answer }),
      );
      const file = join(folder, `batches-${index}.json`);
      const steps = Array.from({ length: Number(flags.steps) }, (_, i) =>
        examples.slice(24 * i, 24 * i + 24),
      );
      writeFileSync(file, JSON.stringify(steps));
      return { path, file };
    }),
  );
  const tuned = batches.map((): Timing => ({ clock: [], processor: [] }));
  for (let round = 0; round < Number(flags.rounds); round++) {
    for (const [index, { path, file }] of batches.entries()) {
      const work = join(folder, `work-${index}`);
      mkdirSync(work, { recursive: true });
      const script = join(import.meta.dirname, "tune-speed-sampan.ts");
      const output = execFileSync(process.execPath, [script, path, file, work, flags.threads], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      const { seconds: steps } = JSON.parse(output.toString()) as { seconds: number[] };
      tuned[index]?.clock.push(...steps.slice(2).map((step) => step * 1000));
    }
  }
  row(
    "tuning step of 24 records, ms",
    tuned.map(({ clock: all }) => quantile(all, 0.5)),
  );
}

async function readTask() {
  const file = await readTaskFile(resolve(flags.task));
  const data = await loadData(file, {
    cwd: process.cwd(),
    home: resolve(flags.home),
    emit: () => undefined,
    now: Date.now,
    clock,
    signal: new AbortController().signal,
    environment: process.env,
    command: "bench",
    screen: { columns: 100, colour: false },
  });
  return { task: file.task, data };
}

async function answerInTurns(
  paths: readonly string[],
  prompts: readonly { readonly text: string; readonly sources: readonly string[] }[],
  grammar: Grammar,
) {
  const timings = paths.map((): Timing => ({ clock: [], processor: [] }));
  const memory: number[] = [];
  const answers: string[][] = [];
  for (let round = 0; round < Number(flags.rounds); round++) {
    for (const [index, path] of paths.entries()) {
      await using model = await openModel(path, { threads, clock });
      const automaton = compileGrammar(grammar, model.tokenizer);
      const requests = prompts.map(({ text, sources }) => ({
        prompt: encodePrompt(model.tokenizer, text),
        sources,
      }));
      await model.answer(requests.slice(0, 1), automaton);
      const [start, used] = [clock(), process.cpuUsage()];
      answers[index] = [];
      for (const request of requests) {
        const [answer] = await model.answer([request], automaton);
        answers[index]?.push(answer?.text ?? "");
      }
      const { user, system } = process.cpuUsage(used);
      timings[index]?.clock.push((clock() - start) / prompts.length);
      timings[index]?.processor.push((user + system) / 1000 / prompts.length);
      memory[index] = model.memoryBytes / 1e6;
    }
  }
  return { timings, memory, answers };
}

function same([first = [], second = []]: readonly (readonly string[])[]): number {
  return first.filter((text, i) => text === second[i]).length;
}

function times(name: string, timings: readonly Timing[]): void {
  row(
    `${name}, ms`,
    timings.map((timing) => quantile(timing.clock, 0.5)),
  );
  row(
    `${name}, processor ms`,
    timings.map((timing) => quantile(timing.processor, 0.5)),
  );
}

function row(name: string, [before = 0, after = 0]: readonly number[]): void {
  const ratio = `x ${(after / before).toFixed(3)} (${(before / after).toFixed(2)} times better)`;
  console.log(
    `${name.padEnd(46)} ${before.toFixed(1).padStart(9)} ${after.toFixed(1).padStart(9)}  ${ratio}`,
  );
}
