import { expect, test } from "vitest";
import type { SampanEvent } from "../kernel/index.ts";
import { drawEvents, type EventStyle } from "./draw-events.ts";

const story: readonly SampanEvent[] = [
  { kind: "plan", lines: ["one thing"] },
  { kind: "stage-start", stage: "tune", about: "adapters" },
  { kind: "stage-delta", stage: "tune", done: 1, total: 4, unit: "steps", note: "loss 2" },
  { kind: "stage-delta", stage: "tune", done: 2, total: 4, unit: "steps" },
  { kind: "stage-end", stage: "tune", cached: false, seconds: 1.25, summary: "done" },
  { kind: "warning", text: "mind the terms" },
];

function draw(style: EventStyle): string {
  let shown = "";
  const terminal = { write: (text: string) => void (shown += text), isTTY: true, columns: 80 };
  const emit = drawEvents(terminal, style, () => 0);
  for (const event of story) emit(event);
  return shown;
}

test("a pipe gets plain lines, progress only now and then", () => {
  expect(draw("plain")).toBe(
    "one thing\n> tune       adapters\n  tune        25 %  1/4 steps  loss 2\n  tune         1.3 s  done\n! mind the terms\n",
  );
});

test("a terminal gets one live line that is wiped before the next", () => {
  expect(draw("live")).toContain(
    "1/4 steps  loss 2\r\u001b[2K  tune        50 %  2/4 steps\r\u001b[2K  tune",
  );
});

test("programs get one JSON object a line", () => {
  const lines = draw("ndjson").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(story);
});

test("quiet is quiet", () => expect(draw("quiet")).toBe(""));
