/**
 * One table for every broken contract: the exit status of the command line, and the kind of thing
 * that is wrong. Expected outcomes (a dropped record, a bar that was not passed) are values instead.
 */
export const errorKinds = {
  "usage-invalid": { exit: 2, about: "a flag or argument" },
  "task-invalid": { exit: 2, about: "the task file" },
  "data-invalid": { exit: 3, about: "a data file or record" },
  "split-leaks": { exit: 3, about: "the splits" },
  "format-corrupt": { exit: 4, about: "a weights or tokenizer file" },
  "base-unsupported": { exit: 4, about: "the base model" },
  "digest-mismatch": { exit: 4, about: "a file whose bytes are not the promised ones" },
  "source-unreachable": { exit: 5, about: "a place that could not be reached" },
  "dependency-missing": { exit: 5, about: "a package that is not installed" },
  "memory-short": { exit: 5, about: "the memory of this machine" },
  "disk-failed": { exit: 5, about: "the disk" },
  "not-found": { exit: 2, about: "a path or an id" },
  "bar-missed": { exit: 6, about: "the acceptance bar" },
  "build-busy": { exit: 5, about: "another build" },
  interrupted: { exit: 130, about: "an interruption" },
  internal: { exit: 70, about: "Sampan itself" },
} as const;

export type ErrorCode = keyof typeof errorKinds;

const marker = Symbol.for("sampan.error");

/** A broken contract: what is wrong and where (`message`), and what to do about it (`hint`). */
export class SampanError extends Error {
  readonly [marker] = true;
  readonly code: ErrorCode;
  readonly hint: string;
  /** The values the message was composed from, for programs. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint: string; details?: Readonly<Record<string, unknown>>; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "SampanError";
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }

  /** Works across duplicate installs, where `instanceof` does not. */
  static isInstance(value: unknown): value is SampanError {
    return typeof value === "object" && value !== null && marker in value;
  }
}

/** Marks a branch the types prove unreachable. */
export function assertNever(value: never): never {
  throw new SampanError("internal", `unexpected variant ${JSON.stringify(value)}`, {
    hint: "This is a defect in Sampan; please report it with the command you ran.",
  });
}

/** Closest of `known` to `given` by edit distance, or undefined when nothing is near. */
export function suggest(given: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(given.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(given.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance; both strings are short (flags, keys, names). */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
