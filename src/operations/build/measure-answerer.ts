import { quantile } from "../../kernel/index.ts";
import type { Answer, Answerer, Resources, TaskRecord } from "../../schema/index.ts";
import type { KeptAnswers } from "./answers-file.ts";
import { joulesBetween, readEnergy } from "./energy.ts";

/** Transactions served one by one to see their latency; enough for a p95. */
const latencySample = 40;
/** Of few records (a slow base), only this share is asked alone. */
const latencyShare = 8;
/** Answered in one call, between two progress events. */
const slice = 64;

export interface MeasuredAnswers {
  readonly answers: KeptAnswers;
  readonly resources: Omit<Resources, "memoryBytes" | "fileBytes">;
}

/** Asks a variant everything once, in slices for throughput and some alone for latency. */
export async function measureAnswerer(
  answerer: Answerer,
  records: { readonly validation: readonly TaskRecord[]; readonly test: readonly TaskRecord[] },
  clock: () => number,
  onProgress: (done: number, total: number) => void,
): Promise<MeasuredAnswers> {
  const all = [...records.validation, ...records.test];
  const warm = all.slice(0, 1).map(({ input }) => input);
  await answerer.answer(warm);
  const alone: number[] = [];
  for (const { input } of all.slice(
    0,
    Math.min(latencySample, Math.ceil(all.length / latencyShare)),
  )) {
    const start = clock();
    await answerer.answer([input]);
    alone.push(clock() - start);
    onProgress(0, all.length);
  }
  const answers: Answer[] = [];
  const before = { cpu: process.cpuUsage(), energy: readEnergy(), time: clock() };
  for (let at = 0; at < all.length; at += slice) {
    const inputs = all.slice(at, at + slice).map(({ input }) => input);
    answers.push(...(await answerer.answer(inputs)));
    onProgress(answers.length, all.length);
  }
  const seconds = Math.max(1e-9, (clock() - before.time) / 1000);
  const cpu = process.cpuUsage(before.cpu);
  const joules = joulesBetween(before.energy, readEnergy());
  return {
    answers: {
      validation: answers.slice(0, records.validation.length),
      test: answers.slice(records.validation.length),
    },
    resources: {
      transactionsPerSecond: all.length / seconds,
      latencyP50: quantile(alone, 0.5),
      latencyP95: quantile(alone, 0.95),
      cpuSecondsPerTransaction: (cpu.user + cpu.system) / 1e6 / all.length,
      joulesPerTransaction: joules === undefined ? undefined : joules / all.length,
    },
  };
}
