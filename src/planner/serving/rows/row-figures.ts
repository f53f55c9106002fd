import type { PublishedRun } from "../../../schema/index.ts";

/** One measured figure of a row, as seconds that a law predicts. */
export interface Figure {
  /**
   * decode: seconds per token of one answer at a known concurrency. latency: seconds of a static batch.
   * burst: seconds per output token of all requests that arrive at once. prefill: seconds of a prompt.
   * first: seconds to the first token at a known concurrency below saturation.
   */
  readonly kind: "decode" | "latency" | "burst" | "prefill" | "first";
  readonly seconds: number;
  /** Member of `measured` it comes from. */
  readonly basis: string;
  readonly concurrency: number;
  readonly requests: number;
  readonly input: number;
  readonly output: number;
  /** Software that the member names, where one row measures several. */
  readonly software?: string | undefined;
}

/** Tokens in the cache where an interactive run does not say: a question and half of an answer. */
const interactive = { input: 64, output: 256 };

/** The figures of a row that a law predicts, or why there is none. */
export function rowFigures(row: PublishedRun): readonly Figure[] | string {
  const figure = (key: string): number | undefined => {
    const value = row.measured[key];
    return typeof value === "number" && value > 0 ? value : undefined;
  };
  const input = row.input_len ?? undefined;
  const output = row.output_len ?? undefined;
  const concurrency = row.concurrency ?? undefined;
  const base = {
    concurrency: concurrency ?? 1,
    requests: row.num_requests ?? concurrency ?? 1,
    input: input ?? interactive.input,
    output: output ?? interactive.output,
  };
  const found = [
    ...burstFigures(row, figure, base),
    ...latencyFigures(figure, base),
    ...promptFigures(figure, base),
    ...(isBurst(row) ? [] : loopFigures(row, figure, base)),
    ...singleFigures(row, figure, base),
  ];
  if (found.length > 0) return found;
  if (/per_gpu|per_card/.test(Object.keys(row.measured).join())) {
    return "a rate per accelerator without batch, layout or lengths";
  }
  return `none of its figures has a law: ${Object.keys(row.measured).join(", ")}`;
}

type Lookup = (key: string) => number | undefined;
type Base = Pick<Figure, "concurrency" | "requests" | "input" | "output">;

/** All requests at once (rate inf, or as many at a time as there are): what saturates an engine. */
function isBurst(row: PublishedRun): boolean {
  if (/at once|rate inf/.test(String(row.workload))) return true;
  return row.num_requests != null && row.num_requests === row.concurrency && row.num_requests >= 32;
}

function burstFigures(row: PublishedRun, figure: Lookup, base: Base): readonly Figure[] {
  const rate = figure("output_tokens_per_s");
  if (!isBurst(row) || rate === undefined || row.output_len == null) return [];
  return [{ ...base, kind: "burst", seconds: 1 / rate, basis: "output_tokens_per_s" }];
}

function latencyFigures(figure: Lookup, base: Base): readonly Figure[] {
  const latency = figure("latency_ms");
  return latency === undefined
    ? []
    : [{ ...base, kind: "latency", seconds: latency / 1e3, basis: "latency_ms" }];
}

/** Prompts alone: encode latencies, llama-bench's pp512, prefill rates. */
function promptFigures(figure: Lookup, base: Base): readonly Figure[] {
  const found: Figure[] = [];
  const encode = figure("encode_latency_ms");
  const prompt = { ...base, kind: "prefill", concurrency: 1 } as const;
  if (encode !== undefined)
    found.push({ ...prompt, seconds: encode / 1e3, basis: "encode_latency_ms" });
  for (const key of ["prefill_tok_s_pp512", "prefill_tok_s_pp512_32threads"]) {
    const rate = figure(key);
    if (rate !== undefined) found.push({ ...prompt, input: 512, seconds: 512 / rate, basis: key });
  }
  const rate = figure("prefill_tok_s");
  if (rate !== undefined)
    found.push({ ...prompt, seconds: base.input / rate, basis: "prefill_tok_s" });
  return found;
}

/** A closed loop of known concurrency: time per token, and to the first one. */
function loopFigures(row: PublishedRun, figure: Lookup, base: Base): readonly Figure[] {
  if (row.concurrency == null || row.input_len == null || row.output_len == null) return [];
  const found: Figure[] = [];
  for (const key of ["tpot_mean_ms", "tpot_ms"]) {
    const time = figure(key);
    if (time === undefined || found.length > 0) continue;
    found.push({ ...base, kind: "decode", seconds: time / 1e3, basis: key });
  }
  const first = figure("ttft_mean_ms") ?? figure("ttft_ms");
  if (first !== undefined)
    found.push({ ...base, kind: "first", seconds: first / 1e3, basis: "ttft" });
  return found;
}

/** One answer at a time: llama.cpp, Ollama, MLC, GLM-130B's table. */
function singleFigures(row: PublishedRun, figure: Lookup, base: Base): readonly Figure[] {
  if ((row.concurrency ?? 1) !== 1) return [];
  const found: Figure[] = [];
  const single = { ...base, kind: "decode", concurrency: 1 } as const;
  const seconds = figure("decode_latency_s");
  if (seconds !== undefined) {
    found.push({ ...single, input: 1, seconds: seconds / base.output, basis: "decode_latency_s" });
  }
  for (const key of Object.keys(row.measured)) {
    const rate = key.startsWith("decode_tok_s") ? figure(key) : undefined;
    if (rate === undefined) continue;
    const named = /^decode_tok_s_(mlc|vllm|exllamav2|llamacpp)$/.exec(key)?.[1];
    found.push({ ...single, seconds: 1 / rate, basis: key, software: named });
  }
  return found;
}
