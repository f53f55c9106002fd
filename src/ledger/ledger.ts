import { hasEnded, markProcess, type ProcessMark } from "../disk/index.ts";
import { canonicalJson, type Digest, type JsonObject } from "../kernel/index.ts";
import { LedgerDatabase, type Row } from "./database.ts";

export interface RunRow {
  readonly id: string;
  readonly task: string;
  readonly status: "running" | "done" | "won" | "bar-missed" | "failed" | "interrupted";
  readonly started: string;
  readonly seconds: number | undefined;
  readonly command: string;
  readonly provenance: JsonObject;
  readonly result: JsonObject | undefined;
}

export interface StageRow {
  readonly name: string;
  readonly key: Digest;
  readonly digest: Digest;
  readonly cached: boolean;
  readonly seconds: number;
  readonly inputs: JsonObject;
  readonly measured: JsonObject;
}

/** One figure of a report and where it comes from. */
export interface NumberRow {
  readonly id: string;
  readonly value: number | undefined;
  readonly unit: string;
  /** How the figure follows from its terms, in words and signs. */
  readonly formula: string;
  readonly terms: JsonObject;
  /** Name of the stage that measured it. */
  readonly stage: string;
}

/** What was run, what it measured, and how each figure came about. */
export class Ledger implements Disposable {
  readonly #database: LedgerDatabase;

  constructor(home: string) {
    this.#database = new LedgerDatabase(home);
    this.#enterKilledRuns();
  }

  startRun(run: Pick<RunRow, "id" | "task" | "started" | "command" | "provenance">): void {
    this.#database.write(
      "INSERT OR REPLACE INTO runs (id, task, status, started, command, provenance, process) VALUES (?, ?, 'running', ?, ?, ?, ?)",
      run.id,
      run.task,
      run.started,
      run.command,
      canonicalJson(run.provenance),
      canonicalJson({ ...markProcess() }),
    );
  }

  addStage(run: string, position: number, stage: StageRow): void {
    this.#database.write(
      "INSERT OR REPLACE INTO stages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      run,
      position,
      stage.name,
      stage.key,
      stage.digest,
      stage.cached ? 1 : 0,
      stage.seconds,
      canonicalJson(stage.inputs),
      canonicalJson(stage.measured),
    );
  }

  addNumbers(run: string, numbers: readonly NumberRow[]): void {
    this.#database.together(() => {
      for (const number of numbers) {
        this.#database.write(
          "INSERT OR REPLACE INTO numbers VALUES (?, ?, ?, ?, ?, ?, ?)",
          run,
          number.id,
          number.value ?? null,
          number.unit,
          number.formula,
          canonicalJson(number.terms),
          number.stage,
        );
      }
    });
  }

  endRun(id: string, status: RunRow["status"], seconds: number, result?: JsonObject): void {
    const text = result === undefined ? null : canonicalJson(result);
    this.#database.write(
      "UPDATE runs SET status = ?, seconds = ?, result = ? WHERE id = ?",
      status,
      seconds,
      text,
      id,
    );
  }

  /** Newest first. */
  runs(limit: number): readonly RunRow[] {
    return this.#database
      .read("SELECT * FROM runs ORDER BY started DESC, id DESC LIMIT ?", limit)
      .map(toRun);
  }

  /** Runs whose id starts with `prefix`. */
  findRuns(prefix: string): readonly RunRow[] {
    const rows = this.#database.read("SELECT * FROM runs ORDER BY started DESC, id DESC");
    return rows.map(toRun).filter((run) => run.id.startsWith(prefix));
  }

  stages(run: string): readonly StageRow[] {
    return this.#database
      .read("SELECT * FROM stages WHERE run = ? ORDER BY position", run)
      .map((row) => ({
        name: text(row, "name"),
        key: text(row, "key"),
        digest: text(row, "digest"),
        cached: row["cached"] === 1,
        seconds: Number(row["seconds"]),
        inputs: json(row, "inputs"),
        measured: json(row, "measured"),
      }));
  }

  numbers(run: string): readonly NumberRow[] {
    return this.#database
      .read("SELECT * FROM numbers WHERE run = ? ORDER BY id", run)
      .map((row) => ({
        id: text(row, "id"),
        value: row["value"] === null ? undefined : Number(row["value"]),
        unit: text(row, "unit"),
        formula: text(row, "formula"),
        terms: json(row, "terms"),
        stage: text(row, "stage"),
      }));
  }

  /** A run whose process is gone without a word was killed. */
  #enterKilledRuns(): void {
    for (const row of this.#database.read("SELECT * FROM runs WHERE status = 'running'")) {
      // Parser boundary: startRun wrote the mark; a foreign one compares unequal and the run is left alone.
      if (row["process"] === null || !hasEnded(json(row, "process") as unknown as ProcessMark)) {
        continue;
      }
      this.#database.write("UPDATE runs SET status = 'interrupted' WHERE id = ?", text(row, "id"));
    }
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }
}

function toRun(row: Row): RunRow {
  return {
    id: text(row, "id"),
    task: text(row, "task"),
    // Parser boundary: only this file writes the column.
    status: text(row, "status") as RunRow["status"],
    started: text(row, "started"),
    seconds: row["seconds"] === null ? undefined : Number(row["seconds"]),
    command: text(row, "command"),
    provenance: json(row, "provenance"),
    result: row["result"] === null ? undefined : json(row, "result"),
  };
}

function text(row: Row, column: string): string {
  return String(row[column] ?? "");
}

function json(row: Row, column: string): JsonObject {
  // Parser boundary: the ledger only stores canonical JSON objects there.
  return JSON.parse(text(row, column)) as JsonObject;
}
