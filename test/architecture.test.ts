import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

interface Architecture {
  readonly tiers: readonly (readonly string[])[];
  readonly pureRooms: readonly string[];
  readonly clockAllowed: readonly string[];
  readonly consoleAllowed: readonly string[];
  readonly soleImporters: Readonly<Record<string, string | null>>;
  readonly maxFileLines: number;
  readonly maxTotalLines: number;
  readonly longFiles: readonly string[];
}

const root = resolve(import.meta.dirname, "..");
const rules = JSON.parse(readFileSync(join(root, "architecture.json"), "utf8")) as Architecture;
const tierOf = new Map(rules.tiers.flatMap((rooms, tier) => rooms.map((room) => [room, tier])));
const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => `src/${path.replaceAll("\\", "/")}`)
  .sort();
const sources = files
  .filter((path) => !path.endsWith(".test.ts"))
  .map((path) => ({ path, room: roomOf(path), text: readFileSync(join(root, path), "utf8") }));

function roomOf(path: string): string {
  const [, room = "", ...rest] = path.split("/");
  return rest.length === 0 ? "(root)" : room;
}

function importsOf(text: string): string[] {
  const found = text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g);
  return [...found].map((match) => match[1] as string);
}

function problems(find: (source: (typeof sources)[number]) => readonly string[]): string[] {
  return sources.flatMap((source) => find(source).map((problem) => `${source.path}: ${problem}`));
}

describe("architecture", () => {
  test("every source file is in a declared room", () => {
    expect(problems(({ room }) => (room === "(root)" || tierOf.has(room) ? [] : [room]))).toEqual(
      [],
    );
  });

  test("imports go down, through the other room's index", () => {
    const found = problems(({ path, room, text }) =>
      importsOf(text)
        .filter((target) => target.startsWith("."))
        .map((target) => relative(root, resolve(root, dirname(path), target)).replaceAll("\\", "/"))
        .filter((target) => target.startsWith("src/") && roomOf(target) !== room)
        .flatMap((target) => {
          const down =
            room === "(root)" || (tierOf.get(roomOf(target)) ?? 99) < (tierOf.get(room) ?? -1);
          if (!down) return [`imports ${target}, which is not below it`];
          return target.endsWith("/index.ts") ? [] : [`imports ${target} past its index.ts`];
        }),
    );
    expect(found).toEqual([]);
  });

  test("a heavy dependency has one importer", () => {
    const found = problems(({ path, text }) =>
      importsOf(text)
        .filter((target) => target in rules.soleImporters)
        .filter(
          (target) => rules.soleImporters[target] !== null && rules.soleImporters[target] !== path,
        )
        .map((target) => `imports ${target}; only ${rules.soleImporters[target]} may`),
    );
    expect(found).toEqual([]);
  });

  test("pure rooms touch no file, network or process", () => {
    const banned = /^node:(fs|child_process|http|https|net|os|worker_threads|process)/;
    const found = problems(({ room, text }) =>
      rules.pureRooms.includes(room) ? importsOf(text).filter((target) => banned.test(target)) : [],
    );
    expect(found).toEqual([]);
  });

  test("no clock, chance, environment or console below operations", () => {
    const banned = /\b(Date\.now|new Date\(\)|performance\.now|Math\.random|process\.env)\b/g;
    const found = problems(({ room, text }) => {
      const clock = rules.clockAllowed.includes(room)
        ? []
        : [...text.matchAll(banned)].map((match) => match[0]);
      const console = rules.consoleAllowed.includes(room)
        ? []
        : (text.match(/\bconsole\.\w+/g) ?? []);
      return [...clock, ...console];
    });
    expect(found).toEqual([]);
  });

  test("files are short and the whole stays small", () => {
    const lines = sources.map(({ path, text }) => ({ path, count: text.split("\n").length - 1 }));
    const long = lines.filter(
      ({ path, count }) => count > rules.maxFileLines && !rules.longFiles.includes(path),
    );
    expect(long).toEqual([]);
    expect(lines.reduce((total, { count }) => total + count, 0)).toBeLessThanOrEqual(
      rules.maxTotalLines,
    );
  });

  test("an index is hand-written and short", () => {
    const found = sources
      .filter(({ path }) => path.endsWith("/index.ts") && !path.startsWith("src/schema/"))
      .filter(({ text }) => text.split("\n").length > 41 || /export \* from/.test(text))
      .map(({ path }) => path);
    expect(found).toEqual([]);
  });

  test("names say what a file is", () => {
    expect(files.filter((path) => /(utils?|helpers?|common|manager)\b/.test(path))).toEqual([]);
  });
});
