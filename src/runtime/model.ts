import { statSync } from "node:fs";
import { SampanError } from "../kernel/index.ts";
import type { AnswerRequest, BoundedAnswer, Decoded } from "./answer.ts";
import { answerBudget } from "./automaton/answer-budget.ts";
import { hasSpans, type Automaton } from "./automaton/automaton.ts";
import { Machine } from "./automaton/machine.ts";
import { vocabularyOf } from "./automaton/vocabulary.ts";
import { decideClosed } from "./decode/closed.ts";
import { decodeOpen } from "./decode/open.ts";
import { growOptionTree } from "./decode/option-tree.ts";
import { Walk } from "./decode/walk.ts";
import { Evaluator } from "./evaluator.ts";
import { loadLlamaCpp, type LlamaCpp, type NativeModel } from "./llama-cpp.ts";
import { ModelHeader } from "./model-header.ts";
import type { Program, Scores } from "./program.ts";
import { LlamaTokenizer } from "./tokenizer.ts";

export interface ModelOptions {
  /** At most; fewer are used while a busy machine makes them slower. */
  readonly threads: number;
  /** Milliseconds from any origin. */
  readonly clock: () => number;
  /** Answers worked on at once; 8 when left out. */
  readonly sequences?: number;
  /** Longest prompt and answer together, in tokens; grows as needed when left out. */
  readonly contextTokens?: number;
}

/** Contexts grow by so many tokens. */
const contextStep = 256;

/** How closed sets are scored: until the winner is certain, or every option exactly. */
export interface AnswerOptions {
  readonly fullScores?: boolean;
}

/** Opens a GGUF model for answering on this machine's processor. */
export async function openModel(path: string, options: ModelOptions): Promise<Model> {
  const library = await loadLlamaCpp();
  const native = await library.loadModel(path, { vocabularyOnly: false });
  return new Model(path, library, native, options);
}

/** A loaded model; dispose it to give its memory back. */
export class Model implements AsyncDisposable {
  readonly tokenizer: LlamaTokenizer;
  readonly fileBytes: number;
  /** llama.cpp's release and what it uses of this processor: bits may differ under another. */
  readonly library: { readonly version: string; readonly processor: string };
  readonly #header: ModelHeader;
  readonly #llama: LlamaCpp;
  readonly #native: NativeModel;
  readonly #options: ModelOptions;
  #evaluator: Evaluator | undefined;
  /** Calls take turns: they share one context. */
  #turn: Promise<unknown> = Promise.resolve();
  #contextTokens: number;

  constructor(path: string, llama: LlamaCpp, native: NativeModel, options: ModelOptions) {
    this.#header = new ModelHeader(path);
    this.tokenizer = new LlamaTokenizer(this.#header, native);
    this.fileBytes = statSync(path).size;
    this.library = { version: llama.version, processor: llama.processor };
    this.#llama = llama;
    this.#native = native;
    this.#options = options;
    this.#contextTokens = options.contextTokens ?? contextStep;
  }

  /** Weights and context, in bytes of memory set aside. */
  get memoryBytes(): number {
    const { cpuRam, gpuVram } = this.#native.getMemoryBreakdown();
    return cpuRam + gpuVram + (this.#evaluator?.memoryBytes ?? 0);
  }

  /** Answers requests side by side; each answer has the same bytes as when it is asked for alone. */
  answer(
    requests: readonly AnswerRequest[],
    automaton: Automaton,
    options: AnswerOptions = {},
  ): Promise<BoundedAnswer[]> {
    return this.#inTurn(() => this.#answer(requests, automaton, options));
  }

  /** All logits after a prompt, by token id. */
  logits(prompt: readonly number[]): Promise<Float32Array> {
    return this.#inTurn(async () => {
      const evaluator = await this.#evaluatorFor([{ prompt, sources: [] }], () => 0);
      const values = new Float32Array(this.tokenizer.size);
      const [scores = []] = await evaluator.run([readAll(prompt)], [prompt]);
      for (const { id, logit } of scores) values[id] = logit;
      return values;
    });
  }

  async #answer(
    requests: readonly AnswerRequest[],
    automaton: Automaton,
    options: AnswerOptions,
  ): Promise<BoundedAnswer[]> {
    if (requests.some(({ prompt }) => prompt.length === 0)) {
      throw new SampanError("data-invalid", "a prompt has no tokens", {
        hint: "Give the input at least one character that the base's vocabulary knows.",
      });
    }
    const program = this.#programFor(automaton, options);
    const order = requests
      .map((_, index) => index)
      .sort((a, b) => (requests[a]?.prompt.length ?? 0) - (requests[b]?.prompt.length ?? 0));
    const evaluator = await this.#evaluatorFor(requests, (tokens) =>
      answerBudget(automaton, tokens),
    );
    const { clock } = this.#options;
    const timed = order.flatMap((index) => {
      const request = requests[index];
      return request ? [timeProgram(() => program(request), clock)] : [];
    });
    const prompts = order.map((index) => requests[index]?.prompt ?? []);
    const answers = await evaluator.run(timed, prompts);
    const byRequest: BoundedAnswer[] = [];
    for (const [i, index] of order.entries()) {
      const answer = answers[i];
      if (answer) byRequest[index] = answer;
    }
    return byRequest;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turn;
    await this.#evaluator?.[Symbol.asyncDispose]();
    await this.#native.dispose();
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #programFor(
    automaton: Automaton,
    options: AnswerOptions,
  ): (request: AnswerRequest) => Program<Decoded> {
    if (automaton.kind === "closed") {
      const tree = growOptionTree(automaton, this.tokenizer.eos);
      return (request) => decideClosed(request, automaton, tree, options.fullScores ?? false);
    }
    const { grammar } = automaton;
    const { tokenizer } = this;
    const vocabulary = vocabularyOf(tokenizer);
    const walkFor = (sources: readonly string[]) =>
      new Walk(new Machine(grammar, sources), vocabulary, tokenizer);
    // Without spans all requests share what is learnt on the way.
    const shared = hasSpans(grammar) ? undefined : walkFor([]);
    return (request) => {
      const budget = answerBudget(automaton, request.prompt.length);
      return decodeOpen(request, shared ?? walkFor(request.sources), tokenizer, budget);
    };
  }

  /** The context, made anew when a prompt and its answer do not fit the one there is. */
  async #evaluatorFor(
    requests: readonly AnswerRequest[],
    budget: (promptTokens: number) => number,
  ): Promise<Evaluator> {
    const longest = requests.reduce((most, { prompt }) => Math.max(most, prompt.length), 0);
    const needed = Math.ceil((longest + budget(longest) + 4) / contextStep) * contextStep;
    if (needed > this.#contextTokens) {
      const most = Math.min(
        this.#options.contextTokens ?? Number.POSITIVE_INFINITY,
        this.#native.getTrainContextSize(),
      );
      if (needed > most) throw tooLong(longest, most);
      await this.#evaluator?.[Symbol.asyncDispose]();
      this.#evaluator = undefined;
      this.#contextTokens = needed;
    }
    this.#evaluator ??= await Evaluator.open(this.#llama, this.#native, {
      threads: this.#options.threads,
      clock: this.#options.clock,
      sequences: this.#options.sequences ?? 8,
      contextTokens: this.#contextTokens,
      vocabulary: () => this.tokenizer.size,
      independentRows: () => this.#header.rowsAreIndependent(this.library.processor),
    });
    return this.#evaluator;
  }
}

function* timeProgram(
  program: () => Program<Decoded>,
  clock: () => number,
): Program<BoundedAnswer> {
  const start = clock();
  const decoded = yield* program();
  return { ...decoded, milliseconds: clock() - start };
}

function* readAll(prompt: readonly number[]): Program<Scores> {
  return yield { keep: 0, add: prompt, wanted: { kind: "all" } };
}

function tooLong(tokens: number, most: number): SampanError {
  return new SampanError("data-invalid", `a prompt of ${tokens} tokens does not fit ${most}`, {
    hint: "Shorten the input (`maxLength` in the task's input schema), or open the model with more context.",
  });
}
