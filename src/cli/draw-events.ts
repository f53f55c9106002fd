import type { Emit, SampanEvent } from "../kernel/index.ts";
import { assertNever } from "../kernel/index.ts";

export interface Terminal {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number;
}

export type EventStyle = "live" | "plain" | "ndjson" | "quiet";

/** Draws events: one live line on a terminal, plain lines in a pipe, one JSON object a line on demand. */
export function drawEvents(terminal: Terminal, style: EventStyle, clock: () => number): Emit {
  switch (style) {
    case "quiet":
      return () => undefined;
    case "ndjson":
      return (event) => terminal.write(`${JSON.stringify(event)}\n`);
    case "live":
      return drawLive(terminal);
    case "plain":
      return drawPlain(terminal, clock);
    default:
      return assertNever(style);
  }
}

function drawLive(terminal: Terminal): Emit {
  let drawn = false;
  const clear = (): void => {
    if (drawn) terminal.write("\r\u001b[2K");
    drawn = false;
  };
  return (event) => {
    if (event.kind === "stage-delta") {
      clear();
      const line = describeProgress(event);
      terminal.write(line.slice(0, Math.max(20, terminal.columns - 1)));
      drawn = true;
      return;
    }
    clear();
    const text = describeEvent(event);
    if (text !== undefined) terminal.write(`${text}\n`);
  };
}

const plainIntervalMs = 5_000;

function drawPlain(terminal: Terminal, clock: () => number): Emit {
  let last = Number.NEGATIVE_INFINITY;
  return (event) => {
    if (event.kind === "stage-delta") {
      if (clock() - last < plainIntervalMs) return;
      last = clock();
      terminal.write(`${describeProgress(event)}\n`);
      return;
    }
    const text = describeEvent(event);
    if (text !== undefined) terminal.write(`${text}\n`);
  };
}

function describeProgress(event: SampanEvent & { readonly kind: "stage-delta" }): string {
  const share = event.total > 0 ? `${Math.floor((100 * event.done) / event.total)} %` : "";
  const note = event.note === undefined ? "" : `  ${event.note}`;
  return `  ${event.stage.padEnd(10)} ${share.padStart(5)}  ${event.done}/${event.total} ${event.unit}${note}`;
}

function describeEvent(event: SampanEvent): string | undefined {
  switch (event.kind) {
    case "plan":
      return event.lines.join("\n");
    case "stage-start":
      return `> ${event.stage.padEnd(10)} ${event.about}`;
    case "stage-end": {
      const time = event.cached ? "kept" : `${event.seconds.toFixed(1)} s`;
      return `  ${event.stage.padEnd(10)} ${time.padStart(7)}  ${event.summary}`;
    }
    case "note":
      return `  ${event.text}`;
    case "warning":
      return `! ${event.text}`;
    case "stage-delta":
    case "result":
      return undefined;
    default:
      return assertNever(event);
  }
}
