import { resolve } from "node:path";
import { performance } from "node:perf_hooks";
import type { z } from "zod";
import { errorKinds, SampanError, suggest, type ErrorCode } from "../kernel/index.ts";
import {
  explainFailure,
  operations,
  type Operation,
  type OperationContext,
} from "../operations/index.ts";
import { parseCommandLine, type CommonFlags } from "./command-line.ts";
import { drawEvents, type EventStyle } from "./draw-events.ts";

/** Runs one command and returns the exit status. */
export async function main(args: readonly string[]): Promise<number> {
  const output = {
    writeOut: (text: string): void => void process.stdout.write(text),
    writeErr: (text: string): void => void process.stderr.write(text),
  };
  const interruption = new AbortController();
  let stopListening = (): void => undefined;
  let flags: CommonFlags = { json: args.includes("--json") };
  try {
    const parsed = parseCommandLine(operations, args.length === 0 ? ["--help"] : args, output);
    if (parsed === undefined) return 0;
    flags = parsed.flags;
    const input = parseInput(parsed.operation, parsed.input);
    if (parsed.operation.checkpoints === true) stopListening = listenForInterruption(interruption);
    const result = await parsed.operation.run(input, makeContext(flags, args, interruption.signal));
    const shown = flags.json
      ? JSON.stringify({ kind: "result", value: result.value })
      : result.text;
    if (shown !== "") process.stdout.write(`${shown}\n`);
    return result.exit ?? 0;
  } catch (error) {
    return reportFailure(explainFailure(error), flags);
  } finally {
    stopListening();
  }
}

function makeContext(
  flags: CommonFlags,
  args: readonly string[],
  signal: AbortSignal,
): OperationContext {
  const clock = (): number => performance.now();
  const terminal = {
    write: (text: string): void => void (flags.json ? process.stdout : process.stderr).write(text),
    isTTY: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 100,
  };
  const style: EventStyle = flags.json
    ? "ndjson"
    : flags.quiet
      ? "quiet"
      : terminal.isTTY
        ? "live"
        : "plain";
  return {
    cwd: process.cwd(),
    home: resolve(flags.home ?? process.env["SAMPAN_HOME"] ?? ".sampan"),
    emit: drawEvents(terminal, style, clock),
    now: () => Date.now(),
    clock,
    signal,
    screen: { columns: process.stdout.columns ?? 100, colour: process.stdout.isTTY === true },
    environment: process.env,
    command: `sampan ${args.map(quote).join(" ")}`,
  };
}

/** The first interruption asks a build to stop at its next checkpoint; the second ends it at once. */
function listenForInterruption(controller: AbortController): () => void {
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(errorKinds.interrupted.exit);
    process.stderr.write("\nStopping at the next checkpoint; once more stops at once.\n");
    controller.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return () => void process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
}

function parseInput(
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
): z.infer<z.ZodObject> {
  const parsed = operation.input.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const flag = String(issue?.path[0] ?? "");
  const near =
    issue?.code === "invalid_value"
      ? suggest(String(given[flag]), issue.values.map(String))
      : undefined;
  throw new SampanError(
    "usage-invalid",
    `${operation.name}: ${flag}: ${issue?.message ?? "invalid"}`,
    {
      hint: near === undefined ? `See "sampan help ${operation.name}".` : `Did you mean ${near}?`,
    },
  );
}

function reportFailure(error: unknown, flags: CommonFlags): number {
  const known = SampanError.isInstance(error) ? error : undefined;
  const code: ErrorCode = known?.code ?? "internal";
  const message = error instanceof Error ? error.message : String(error);
  if (flags.json) {
    const value = {
      kind: "error",
      code,
      message,
      hint: known?.hint ?? "",
      details: known?.details ?? {},
    };
    process.stdout.write(`${JSON.stringify(value)}\n`);
  } else {
    const stack = known === undefined && error instanceof Error ? `\n${error.stack ?? ""}` : "";
    const hint =
      known?.hint ?? "This is a defect in Sampan; please report it with the command you ran.";
    process.stderr.write(`\nError (${code}): ${message}\n${hint}${stack}\n`);
  }
  return errorKinds[code].exit;
}

function quote(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", String.raw`'\''`)}'`;
}
