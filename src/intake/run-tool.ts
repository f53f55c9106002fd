import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface ToolOutcome {
  readonly kind: "done" | "missing" | "failed" | "timed-out";
  /** The last lines of what it said, for the message. */
  readonly said: string;
}

/** What is kept of a tool's output for messages. */
const keptLines = 12;

/**
 * Runs another program's command (pip, npm), without a shell; each line it prints goes to `onLine`.
 * It is stopped after `milliseconds`.
 */
export async function runTool(
  program: string,
  args: readonly string[],
  options: { folder: string; milliseconds: number; onLine?: (line: string) => void },
): Promise<ToolOutcome> {
  const lines: string[] = [];
  const child = spawn(program, args, {
    cwd: options.folder,
    stdio: ["ignore", "pipe", "pipe"],
    // On Windows npm is a batch file, which only a shell can start.
    shell: process.platform === "win32" && program === "npm",
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill("SIGKILL");
  }, options.milliseconds);
  const listen = (stream: NodeJS.ReadableStream): void => {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      options.onLine?.(line);
    });
  };
  listen(child.stdout);
  listen(child.stderr);
  try {
    const code = await new Promise<number | "missing">((resolve) => {
      child.once("error", () => resolve("missing"));
      child.once("close", (status) => resolve(status ?? 1));
    });
    const kind = timedOut
      ? "timed-out"
      : code === "missing"
        ? "missing"
        : code === 0
          ? "done"
          : "failed";
    return { kind, said: lines.join("\n") };
  } finally {
    clearTimeout(timer);
  }
}
