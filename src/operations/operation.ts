import type { z } from "zod";
import type { Emit, JsonObject } from "../kernel/index.ts";

/** All that an operation may take from the world around it. */
export interface OperationContext {
  readonly cwd: string;
  /** Folder of store, stages and ledger. */
  readonly home: string;
  readonly emit: Emit;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds on a clock that only goes forward. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
  /** Where the closing text is read. */
  readonly screen: { readonly columns: number; readonly colour: boolean };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The command as it was typed, for the ledger. */
  readonly command: string;
}

/**
 * One verb, declared once: the command line (and later the HTTP API and the reference pages) follow
 * from it.
 */
export interface Operation<Input extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it does, for `--help`. */
  readonly about: string;
  readonly input: Input;
  /** Members of the input that stand without a flag, in order. */
  readonly positional: readonly (keyof z.infer<Input> & string)[];
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /** Whether an interruption lets it go on to its next checkpoint; other verbs end at once. */
  readonly checkpoints?: boolean;
  run(input: z.infer<Input>, context: OperationContext): Promise<OperationResult>;
}

export interface OperationResult {
  /** For programs: `--json` prints it. */
  readonly value: JsonObject;
  /** For people: what the terminal shows at the end. */
  readonly text: string;
  /** Exit status where it is not 0 although nothing broke (a bar that was missed). */
  readonly exit?: number;
}

/** Keeps the input's type while the registry sees one shape. */
export function defineOperation<Input extends z.ZodObject>(
  operation: Operation<Input>,
): Operation<Input> {
  return operation;
}
