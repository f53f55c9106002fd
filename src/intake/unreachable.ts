import { SampanError } from "../kernel/index.ts";

/** A place that could not give the file: `reason` for the one line, `byHand` for the error's hint. */
export function unreachable(place: string, reason: string, byHand: string, cause?: unknown) {
  return new SampanError("source-unreachable", `${place}: ${reason}`, {
    hint: byHand,
    details: { place },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The message of whatever was thrown, with the cause that network errors hide underneath. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const inner = thrown.cause instanceof Error ? `: ${thrown.cause.message}` : "";
  return `${thrown.message}${inner}`;
}
