import type { LlamaCpp, NativeContext, NativeModel, NativeSampler } from "./llama-cpp.ts";

/** Which logits a program asks for. */
export type Wanted =
  /** Of these tokens, all of them; ids unique. */
  | { readonly kind: "these"; readonly ids: readonly number[] }
  /** Of the likeliest tokens that pass; at least one passes. */
  | { readonly kind: "likeliest"; readonly passes: (id: number) => boolean }
  /** The whole vocabulary. */
  | { readonly kind: "all" };

/** One step of a program: keep the first `keep` tokens of the sequence, add `add`, look. */
export interface Demand {
  readonly keep: number;
  readonly add: readonly number[];
  readonly wanted: Wanted;
}

/** Tokens and their logits, highest first. */
export type Scores = readonly { readonly id: number; readonly logit: number }[];

/** Something that asks for evaluations until it has its result. */
export type Program<Result> = Generator<Demand, Result, Scores>;

/**
 * Tokens are fed in pieces of at most so many, always cut at the same places, because a matrix product's
 * low bits may depend on the number of its rows.
 */
export const pieceTokens = 512;

/**
 * Pieces are filled up to a multiple of so many tokens. llama.cpp's repacked kernels take rows in fours
 * and the rest one by one, with sums of another order: a full piece has no rest, alone or among others.
 * The filling comes last, so no real token sees it, and is forgotten before the next piece.
 */
const rowsTogether = 4;

/**
 * Added to the logits of the wanted tokens so that the top-k step keeps just them, and taken off again:
 * far above the spread of any logits, and costs them 2^-17 of precision.
 */
const lift = 128;

/** Runs programs side by side, one per sequence of one context. */
export class Evaluator implements AsyncDisposable {
  readonly #context: NativeContext;
  readonly #samplers: readonly NativeSampler[];
  readonly #vocabulary: () => number;
  /** Evaluations of one sequence so far, for metering: calls, not tokens. */
  evaluations = 0;

  private constructor(
    context: NativeContext,
    samplers: readonly NativeSampler[],
    vocabulary: () => number,
  ) {
    this.#context = context;
    this.#samplers = samplers;
    this.#vocabulary = vocabulary;
  }

  static async open(
    library: LlamaCpp,
    model: NativeModel,
    options: {
      readonly threads: number;
      readonly sequences: number;
      readonly contextTokens: number;
      readonly vocabulary: () => number;
    },
  ): Promise<Evaluator> {
    const context = await library.createContext(model, { ...options, batchTokens: pieceTokens });
    const samplers = Array.from({ length: options.sequences }, () => library.createSampler(model));
    return new Evaluator(context, samplers, options.vocabulary);
  }

  get memoryBytes(): number {
    const { cpuRam, gpuVram } = this.#context.getMemoryBreakdown();
    return cpuRam + gpuVram;
  }

  /** Runs every program to its end; results in the order of the programs. */
  async run<Result>(programs: readonly Program<Result>[]): Promise<Result[]> {
    const results = new Map<number, Result>();
    const waiting: Waiting<Result>[] = [];
    const free = this.#samplers.map((_, sequence) => sequence);
    let next = 0;
    const advance = (turn: Omit<Waiting<Result>, "demand" | "fed">, scores: Scores | undefined) => {
      const step = scores === undefined ? turn.program.next() : turn.program.next(scores);
      if (step.done) {
        results.set(turn.index, step.value);
        free.push(turn.sequence);
      } else {
        this.#context.removeTokenCellsFromSequence(turn.sequence, step.value.keep, -1);
        waiting.push({ ...turn, demand: step.value, fed: 0 });
      }
    };
    while (next < programs.length || waiting.length > 0) {
      while (next < programs.length && free.length > 0) {
        const [sequence, program] = [free.shift(), programs[next]];
        if (sequence !== undefined && program)
          advance({ sequence, index: next, program }, undefined);
        next++;
      }
      const group = takeGroup(waiting);
      const scores = await this.#evaluate(group);
      for (const [i, turn] of group.entries()) {
        const fed = turn.fed + pieceOf(turn).length;
        if (fed === turn.demand.add.length) advance(turn, scores[i]);
        else waiting.push({ ...turn, fed });
      }
    }
    return programs.map((_, index) => results.get(index) as Result);
  }

  /** Feeds one piece of each turn, all of one length, in one call. */
  async #evaluate<Result>(group: readonly Waiting<Result>[]): Promise<readonly Scores[]> {
    if (group.length === 0) return [];
    this.#context.initBatch(pieceTokens);
    const indexes = group.map((turn) => {
      const piece = pieceOf(turn);
      const last = turn.fed + piece.length === turn.demand.add.length;
      const [index] = this.#context.addToBatch(
        turn.sequence,
        turn.demand.keep + turn.fed,
        fill(piece),
        last ? Uint32Array.of(piece.length - 1) : new Uint32Array(),
      );
      return index;
    });
    this.evaluations++;
    await this.#context.decodeBatch();
    return Promise.all(
      group.map((turn, i) => {
        const [index, sampler] = [indexes[i], this.#samplers[turn.sequence]];
        if (index === undefined || !sampler) return Promise.resolve([]);
        return this.#read(index, sampler, turn.demand.wanted);
      }),
    );
  }

  async #read(index: number, sampler: NativeSampler, wanted: Wanted): Promise<Scores> {
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

interface Waiting<Result> {
  readonly sequence: number;
  readonly index: number;
  readonly program: Program<Result>;
  readonly demand: Demand;
  /** Tokens of the demand fed so far. */
  readonly fed: number;
}

function pieceOf(turn: Pick<Waiting<unknown>, "demand" | "fed">): readonly number[] {
  return turn.demand.add.slice(turn.fed, turn.fed + pieceTokens);
}

/** A piece and its filling; the id is of no matter. */
function fill(piece: readonly number[]): Uint32Array {
  const filled = new Uint32Array(filledLength(piece.length));
  filled.set(piece);
  return filled;
}

function filledLength(length: number): number {
  return Math.ceil(length / rowsTogether) * rowsTogether;
}

/**
 * Takes the largest set of turns whose next pieces have one length when filled. Sequences of unlike
 * lengths would be cut to the shortest by llama.cpp, and an answer would depend on its neighbours.
 */
function takeGroup<Result>(waiting: Waiting<Result>[]): Waiting<Result>[] {
  const byLength = Map.groupBy(waiting, (turn) => filledLength(pieceOf(turn).length));
  let [best, length]: [Waiting<Result>[], number] = [[], 1];
  for (const [of, group] of byLength) if (group.length > best.length) [best, length] = [group, of];
  const taken = best.slice(0, Math.max(1, Math.floor(pieceTokens / length)));
  for (const turn of taken) waiting.splice(waiting.indexOf(turn), 1);
  return taken;
}
