/**
 * Answers per second under one schema, same weights, same prompts, same machine, in one run: Sampan
 * beside node-llama-cpp's JSON-schema grammar and llama-cpp-python's.
 *
 *   node bench/bounded-decoding.ts MODEL.gguf [--threads 2] [--requests 24] [--rounds 3]
 *     [--python bench/peers/.venv/bin/python]
 *
 * The prompts hold two worked examples, so that untuned weights know what is asked. All write the same
 * compact JSON; `lines` is the shorter form that Sampan tunes models on.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { getLlama, LlamaCompletion, LlamaLogLevel } from "node-llama-cpp";
import { quantile } from "../src/kernel/index.ts";
import { compileGrammar, encodePrompt, openModel } from "../src/runtime/index.ts";
import type { Grammar } from "../src/schema/index.ts";
import { benchTasks, type BenchTask } from "./bounded-tasks.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: "string", default: "2" },
    requests: { type: "string", default: "24" },
    rounds: { type: "string", default: "3" },
    python: { type: "string", default: "bench/peers/.venv/bin/python" },
  },
});
const [path = ""] = positionals;
const threads = Number(flags.threads);
const clock = () => performance.now();

interface Outcome {
  readonly name: string;
  /** Milliseconds for all requests, per round. */
  readonly totals: number[];
  /** Processor time for all requests, in milliseconds, per round: what a busy machine does not blur. */
  readonly processor: number[];
  readonly texts: readonly string[];
}

for (const task of benchTasks(Number(flags.requests))) {
  const outcomes: Outcome[] = [];
  outcomes.push(...(await answerWithSampan(task, task.json, "JSON", true)));
  outcomes.push(...(await answerWithSampan(task, task.lines, "lines", false)));
  outcomes.push(...(await answerWithNodeLlamaCpp(task)));
  outcomes.push(...answerWithPython(task));
  report(task, outcomes);
}

async function answerWithSampan(
  task: BenchTask,
  grammar: Grammar,
  form: string,
  alone: boolean,
): Promise<Outcome[]> {
  await using model = await openModel(path, { threads, clock });
  const automaton = compileGrammar(grammar, model.tokenizer);
  const examples = form === "JSON" ? task.jsonExamples : task.lineExamples;
  const requests = task.inputs.map((input) => ({
    prompt: encodePrompt(model.tokenizer, `${examples}${input}\n`),
    sources: [input],
  }));
  await model.answer(requests.slice(0, 1), automaton);
  const together: Outcome = {
    name: `Sampan, ${form}, 8 at once`,
    ...(await measure(() => model.answer(requests, automaton).then(textsOf))),
  };
  if (!alone) return [together];
  const one: Outcome = {
    name: `Sampan, ${form}, one by one`,
    ...(await measure(async () => {
      const texts: string[] = [];
      for (const request of requests)
        texts.push(...textsOf(await model.answer([request], automaton)));
      return texts;
    })),
  };
  return [together, one];
}

function textsOf(answers: readonly { readonly text: string }[]): string[] {
  return answers.map(({ text }) => text);
}

async function answerWithNodeLlamaCpp(task: BenchTask): Promise<Outcome[]> {
  const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath: path });
  const grammar = await llama.createGrammarForJsonSchema(
    task.schema as Parameters<typeof llama.createGrammarForJsonSchema>[0],
  );
  const prompts = task.inputs.map((input) => `${task.jsonExamples}${input}\n`);
  const outcomes: Outcome[] = [];
  for (const sequences of [8, 1]) {
    const context = await model.createContext({ contextSize: 1024, sequences, threads });
    const completions = Array.from(
      { length: sequences },
      () => new LlamaCompletion({ contextSequence: context.getSequence() }),
    );
    const answerAll = async () => {
      const texts: string[] = [];
      const pending = [...prompts.entries()];
      const work = async (completion: LlamaCompletion) => {
        for (let next = pending.shift(); next; next = pending.shift()) {
          const [i, prompt] = next;
          texts[i] = await completion.generateCompletion(prompt, {
            grammar,
            maxTokens: 160,
            temperature: 0,
          });
        }
      };
      await Promise.all(completions.map(work));
      return texts;
    };
    const how = sequences === 1 ? "one by one" : `${sequences} at once`;
    outcomes.push({ name: `node-llama-cpp, ${how}`, ...(await measure(answerAll)) });
    await context.dispose();
  }
  await model.dispose();
  await llama.dispose();
  return outcomes;
}

function answerWithPython(task: BenchTask): Outcome[] {
  if (!existsSync(flags.python)) return [];
  const prompts = task.inputs.map((input) => `${task.jsonExamples}${input}\n`);
  const totals: number[] = [];
  const processor: number[] = [];
  let texts: string[] = [];
  for (let round = 0; round < Number(flags.rounds); round++) {
    const script = join(import.meta.dirname, "peers", "bounded_decoding.py");
    const input = JSON.stringify({ model: path, threads, prompts, schema: task.schema });
    const output = execFileSync(flags.python, [script], {
      input,
      maxBuffer: 1 << 26,
      stdio: ["pipe", "pipe", "ignore"],
    });
    const answers = JSON.parse(output.toString()) as {
      text: string;
      milliseconds: number;
      processor: number;
    }[];
    totals.push(answers.reduce((sum, { milliseconds }) => sum + milliseconds, 0));
    processor.push(answers.reduce((sum, answer) => sum + answer.processor, 0));
    texts = textsOf(answers);
  }
  return [{ name: "llama-cpp-python, one by one", totals, processor, texts }];
}

async function measure(answer: () => Promise<string[]>) {
  const totals: number[] = [];
  const processor: number[] = [];
  let texts: string[] = [];
  for (let round = 0; round < Number(flags.rounds); round++) {
    const start = clock();
    const before = process.cpuUsage();
    texts = await answer();
    totals.push(clock() - start);
    const { user, system } = process.cpuUsage(before);
    processor.push((user + system) / 1000);
  }
  return { totals, processor, texts };
}

function report(task: BenchTask, outcomes: readonly Outcome[]): void {
  const count = task.inputs.length;
  const peers = outcomes.filter(({ name }) => !name.startsWith("Sampan"));
  const wall = ({ totals }: Outcome) => quantile(totals, 0.5) / count;
  const work = ({ processor }: Outcome) => quantile(processor, 0.5) / count;
  const bestWall = Math.min(...peers.map(wall));
  const bestWork = Math.min(...peers.map(work));
  console.log(`\n${task.name}: ${count} requests, ${threads} threads, median of ${flags.rounds}`);
  console.log(`${"".padEnd(32)} answers/s  x best peer   CPU ms/answer  x best peer  characters`);
  for (const outcome of outcomes) {
    const characters = outcome.texts.reduce((sum, text) => sum + text.length, 0) / count;
    console.log(
      [
        outcome.name.padEnd(32),
        (1000 / wall(outcome)).toFixed(2).padStart(9),
        (bestWall / wall(outcome)).toFixed(2).padStart(12),
        work(outcome).toFixed(0).padStart(15),
        (bestWork / work(outcome)).toFixed(2).padStart(12),
        characters.toFixed(0).padStart(11),
        ` ${JSON.stringify(outcome.texts[0])}`,
      ].join(" "),
    );
  }
}
