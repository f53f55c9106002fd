import type { Demand, Program, Scores, Wanted } from "./program.ts";
import type { LlamaCpp, NativeContext, NativeModel, NativeSampler } from "./llama-cpp.ts";
import { ThreadChoice } from "./thread-choice.ts";

/** Tokens of one call at most, all sequences together; memory is set aside for the logits of each. */
const batchTokens = 128;

/**
 * llama.cpp's kernels may take rows (tokens) in fours and the rest one by one, with sums of another order,
 * and attend from one token otherwise than from several. So prompts are filled up to a multiple of four:
 * then a token's logits have the same bits alone, among others, and however much of the prompt was
 * evaluated before. The filling comes last, so no real token sees it, and is forgotten before the next
 * piece. What follows the prompt goes in fours and then one by one; single tokens run beside others only
 * where rows are independent.
 */
const rowsTogether = 4;

/** Roughly how many tokens' work the vocabulary projection of one sequence is. */
const headWork = 2;

/** Shared beginnings shorter than this are evaluated again rather than copied. */
const worthCopying = 32;

/**
 * Added to the logits of the wanted tokens so that the top-k step keeps just them, and taken off again:
 * far above the spread of any logits, and costs them 2^-17 of precision.
 */
const lift = 128;

export interface EvaluatorOptions {
  /** At most. */
  readonly threads: number;
  /** Milliseconds from any origin. */
  readonly clock: () => number;
  readonly sequences: number;
  /** Of one sequence. */
  readonly contextTokens: number;
  readonly vocabulary: () => number;
  /** Whether a token's logits do not depend on how many tokens are evaluated with it. */
  readonly independentRows: () => boolean;
}

/** Runs programs side by side, one per sequence of one context. */
export class Evaluator implements AsyncDisposable {
  readonly #context: NativeContext;
  readonly #samplers: readonly NativeSampler[];
  readonly #vocabulary: () => number;
  readonly #independentRows: () => boolean;
  readonly #clock: () => number;
  readonly #threads: ThreadChoice;
  /** The tokens each sequence holds, filling left out. */
  readonly #held: number[][];

  private constructor(
    context: NativeContext,
    samplers: readonly NativeSampler[],
    options: EvaluatorOptions,
  ) {
    this.#context = context;
    this.#samplers = samplers;
    this.#vocabulary = options.vocabulary;
    this.#independentRows = options.independentRows;
    this.#clock = options.clock;
    this.#threads = new ThreadChoice(options.threads);
    this.#held = samplers.map(() => []);
  }

  static async open(
    library: LlamaCpp,
    model: NativeModel,
    options: EvaluatorOptions,
  ): Promise<Evaluator> {
    const context = await library.createContext(model, { ...options, batchTokens });
    const samplers = Array.from({ length: options.sequences }, () => library.createSampler(model));
    return new Evaluator(context, samplers, options);
  }

  get memoryBytes(): number {
    const { cpuRam, gpuVram } = this.#context.getMemoryBreakdown();
    return cpuRam + gpuVram;
  }

  /**
   * Runs every program to its end; results in the order of the programs. A beginning that all `prompts`
   * share is evaluated once.
   */
  async run<Result>(
    programs: readonly Program<Result>[],
    prompts: readonly (readonly number[])[],
  ): Promise<Result[]> {
    const shared = prompts.reduce(
      (prefix, prompt) => prefix.slice(0, commonLength(prefix, prompt)),
      prompts[0] ?? [],
    );
    if (programs.length > 1 && shared.length >= worthCopying)
      await this.#runAll([feedOnly(shared)]);
    return this.#runAll(programs);
  }

  async #runAll<Result>(programs: readonly Program<Result>[]): Promise<Result[]> {
    const results = new Map<number, Result>();
    const waiting: Turn<Result>[] = [];
    const free = this.#samplers.map((_, sequence) => sequence);
    const advance = async (
      turn: Pick<Turn<Result>, "sequence" | "index" | "program">,
      step: IteratorResult<Demand, Result>,
    ): Promise<void> => {
      if (step.done) {
        results.set(turn.index, step.value);
        free.unshift(turn.sequence);
      } else waiting.push({ ...turn, ...(await this.#prepare(turn.sequence, step.value)) });
    };
    let next = 0;
    while (next < programs.length || waiting.length > 0) {
      while (next < programs.length && free.length > 0) {
        const [sequence, program] = [free.shift(), programs[next]];
        if (sequence !== undefined && program) {
          await advance({ sequence, index: next, program }, program.next());
        }
        next++;
      }
      for (const turn of await this.#evaluate(this.#takeGroup(waiting))) {
        if (turn.fed < turn.demand.add.length) waiting.push(turn);
        else await advance(turn, turn.program.next(turn.scores));
      }
    }
    return programs.map((_, index) => results.get(index) as Result);
  }

  /** Cuts the sequence back to what is kept; a fresh prompt keeps what some sequence holds of it. */
  async #prepare(sequence: number, demand: Demand) {
    let reused = 0;
    if (demand.keep === 0) {
      const lengths = this.#held.map((held) => commonLength(held, demand.add.slice(0, -1)));
      const best = lengths.reduce(
        (to, length, from) => (length > (lengths[to] ?? 0) ? from : to),
        0,
      );
      reused = lengths[sequence] ?? 0;
      if ((lengths[best] ?? 0) >= reused + worthCopying) {
        await this.#context.copySequenceStateFromOtherSequence(sequence, best);
        this.#held[sequence] = this.#held[best] ?? [];
        reused = lengths[best] ?? 0;
      }
    }
    const keep = demand.keep + reused;
    this.#context.removeTokenCellsFromSequence(sequence, keep, -1);
    this.#held[sequence] = this.#held[sequence]?.slice(0, keep) ?? [];
    return { demand, fed: reused, scores: [] };
  }

  /** Feeds one piece of each turn, all of one length when filled, in one call. */
  async #evaluate<Result>(group: readonly Turn<Result>[]): Promise<Turn<Result>[]> {
    if (group.length === 0) return [];
    this.#context.initBatch(batchTokens);
    const places = group.map((turn) => {
      const piece = pieceOf(turn);
      const last = turn.fed + piece.length === turn.demand.add.length;
      const look = last && turn.demand.wanted.kind !== "nothing" ? [piece.length - 1] : [];
      const filled = new Uint32Array(filledLength(turn));
      filled.set(piece);
      this.#held[turn.sequence]?.push(...piece);
      const start = turn.demand.keep + turn.fed;
      return this.#context.addToBatch(turn.sequence, start, filled, Uint32Array.from(look))[0];
    });
    const start = this.#clock();
    this.#context.setThreads(this.#threads.threads);
    await this.#context.decodeBatch().catch((cause: unknown) => {
      for (const [sequence] of this.#held.entries()) this.#forget(sequence);
      throw cause;
    });
    const work = group.reduce((sum, turn) => sum + filledLength(turn) + headWork, 0);
    this.#threads.learn(work, this.#clock() - start);
    return Promise.all(
      group.map(async (turn, i) => {
        const [index, sampler] = [places[i], this.#samplers[turn.sequence]];
        const scores =
          index === undefined || !sampler
            ? []
            : await this.#read(index, sampler, turn.demand.wanted);
        return { ...turn, scores, fed: turn.fed + pieceOf(turn).length };
      }),
    );
  }

  /**
   * Takes the largest set of turns whose next pieces have one length when filled: llama.cpp would cut
   * sequences of unlike lengths to the shortest.
   */
  #takeGroup<Result>(waiting: Turn<Result>[]): Turn<Result>[] {
    const byLength = Map.groupBy(waiting, (turn) => filledLength(turn));
    let [best, length]: [Turn<Result>[], number] = [[], 1];
    for (const [of, group] of byLength)
      if (group.length > best.length) [best, length] = [group, of];
    // Asked last: the answer is in the file's header, which closed answers never need.
    const alone = best.length > 1 && length < rowsTogether && !this.#independentRows();
    const taken = best.slice(0, alone ? 1 : Math.max(1, Math.floor(batchTokens / length)));
    for (const turn of taken) waiting.splice(waiting.indexOf(turn), 1);
    return taken;
  }

  #forget(sequence: number): void {
    this.#context.disposeSequence(sequence);
    this.#held[sequence] = [];
  }

  async #read(index: number, sampler: NativeSampler, wanted: Wanted): Promise<Scores> {
    if (wanted.kind === "nothing") return [];
    if (wanted.kind === "all") return this.#top(index, sampler, this.#vocabulary(), []);
    if (wanted.kind === "these") {
      const { ids } = wanted;
      const found = await this.#top(index, sampler, ids.length, ids);
      const asked = new Set(ids);
      return found.filter(({ id }) => asked.has(id));
    }
    for (let count = 64; ; count *= 16) {
      const most = count >= 65_536 ? this.#vocabulary() : count;
      const found = await this.#top(index, sampler, most, []);
      const passing = found.filter(({ id }) => wanted.passes(id));
      if (passing.length > 0 || count >= 65_536) return passing;
    }
  }

  /** The `count` highest logits, those of `lifted` above all others. */
  async #top(
    index: number,
    sampler: NativeSampler,
    count: number,
    lifted: readonly number[],
  ): Promise<Scores> {
    sampler.applyConfig({
      // A temperature of one leaves logits as they are and keeps the top-k step; the token that the
      // sampler then draws is not looked at.
      temperature: 1,
      topK: count,
      seed: 0,
      ...(lifted.length > 0 && {
        tokenBiasKeys: Uint32Array.from(lifted),
        tokenBiasValues: new Float32Array(lifted.length).fill(lift),
      }),
    });
    const [, , , pairs] = await this.#context.sampleToken(index, sampler, false, false, true);
    const raised = new Set(lifted);
    const scores: { id: number; logit: number }[] = [];
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      const [id = 0, logit = 0] = [pairs[i], pairs[i + 1]];
      scores.push({ id, logit: raised.has(id) ? logit - lift : logit });
    }
    // Equal logits come in an order that depends on how the others were sorted.
    return scores.sort((a, b) => b.logit - a.logit || a.id - b.id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const sampler of this.#samplers) sampler.dispose();
    await this.#context.dispose();
  }
}

/** A program whose demand is being met. */
interface Turn<Result> {
  readonly sequence: number;
  readonly index: number;
  readonly program: Program<Result>;
  readonly demand: Demand;
  /** Added tokens that are in the sequence. */
  readonly fed: number;
  readonly scores: Scores;
}

function* feedOnly(tokens: readonly number[]): Program<undefined> {
  yield { keep: 0, add: tokens, wanted: { kind: "nothing" } };
  return undefined;
}

function commonLength(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

function pieceOf(turn: Pick<Turn<unknown>, "demand" | "fed">): readonly number[] {
  const { keep, add } = turn.demand;
  const left = add.length - turn.fed;
  const most = keep === 0 ? left : left < rowsTogether ? 1 : left - (left % rowsTogether);
  return add.slice(turn.fed, turn.fed + Math.min(most, batchTokens));
}

function filledLength(turn: Turn<unknown>): number {
  const { length } = pieceOf(turn);
  return turn.demand.keep === 0 ? Math.ceil(length / rowsTogether) * rowsTogether : length;
}
