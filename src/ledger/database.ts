import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SampanError } from "../kernel/index.ts";

/** Raised with the tables; a ledger written by a newer Sampan is refused. */
const schemaVersion = 2;

const tables = `
  CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, task TEXT NOT NULL, status TEXT NOT NULL,
    started TEXT NOT NULL, seconds REAL, command TEXT NOT NULL, provenance TEXT NOT NULL, result TEXT,
    process TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS stages (
    run TEXT NOT NULL REFERENCES runs(id), position INTEGER NOT NULL, name TEXT NOT NULL,
    key TEXT NOT NULL, digest TEXT NOT NULL, cached INTEGER NOT NULL, seconds REAL NOT NULL,
    inputs TEXT NOT NULL, measured TEXT NOT NULL, PRIMARY KEY (run, position)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS numbers (
    run TEXT NOT NULL REFERENCES runs(id), id TEXT NOT NULL, value REAL, unit TEXT NOT NULL,
    formula TEXT NOT NULL, terms TEXT NOT NULL, stage TEXT NOT NULL, PRIMARY KEY (run, id)
  ) STRICT;
`;

/** The first version did not tell which process a run was of; one that is still running is entered as it ends. */
const toVersion2 = `
  ALTER TABLE runs ADD COLUMN process TEXT;
  UPDATE runs SET status = 'interrupted' WHERE status = 'running';
`;

export type Row = Readonly<Record<string, string | number | bigint | Uint8Array | null>>;

/** The ledger's database file, opened and up to date. */
export class LedgerDatabase implements Disposable {
  readonly #database: DatabaseSync;

  constructor(home: string) {
    mkdirSync(home, { recursive: true });
    this.#database = new DatabaseSync(join(home, "ledger.sqlite"));
    this.#database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;",
    );
    const [row] = this.read("PRAGMA user_version");
    const found = Number(row?.["user_version"] ?? 0);
    if (found > schemaVersion) {
      this.#database.close();
      throw new SampanError(
        "usage-invalid",
        `the ledger in ${home} was written by a newer Sampan`,
        {
          hint: "Use that version, or another --home.",
          details: { found, known: schemaVersion },
        },
      );
    }
    if (found === 1) this.#database.exec(toVersion2);
    this.#database.exec(tables);
    this.#database.exec(`PRAGMA user_version = ${schemaVersion}`);
  }

  write(sql: string, ...values: readonly (string | number | null)[]): void {
    this.#database.prepare(sql).run(...values);
  }

  /** Does several writes as one: all of them are kept, or none. */
  together(writes: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      writes();
      this.#database.exec("COMMIT");
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw cause;
    }
  }

  read(sql: string, ...values: readonly (string | number | null)[]): readonly Row[] {
    return this.#database.prepare(sql).all(...values);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
