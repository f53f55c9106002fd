import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SampanError, sha256 } from "../kernel/index.ts";
import {
  digestFile,
  openByteFile,
  replaceFolder,
  writeAtomically,
  writeAtomicallyFrom,
} from "./index.ts";

let home = "";
let path = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "sampan-disk-"));
  path = join(home, "inner", "file");
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });

describe("writing a whole file or nothing", () => {
  const waysToWrite: [string, (chunks: Iterable<Uint8Array | string>) => Promise<void>][] = [
    ["at once", async (chunks) => writeAtomically(path, chunks)],
    [
      "as chunks come",
      async (chunks) => {
        await writeAtomicallyFrom(
          path,
          (async function* () {
            yield* chunks;
          })(),
        );
      },
    ],
  ];

  test.each(waysToWrite)("%s", async (_, write) => {
    await write(["héllo", new Uint8Array([10])]);
    expect(readFileSync(path, "utf8")).toBe("héllo\n");
    await write([]);
    expect(readFileSync(path).length).toBe(0);
    expect(readdirSync(join(home, "inner"))).toEqual(["file"]);
  });

  test.each(waysToWrite)("a full disk leaves the old file (%s)", async (_, write) => {
    await write(["old"]);
    const failing = (function* () {
      yield "new, and then";
      throw full;
    })();
    await expect(write(failing)).rejects.toMatchObject({
      code: "disk-failed",
      hint: expect.stringContaining("Free some space") as string,
    });
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(join(home, "inner"))).toEqual(["file"]);
  });

  test.each(waysToWrite)("other errors come through as they are (%s)", async (_, write) => {
    const own = new SampanError("bar-missed", "not good enough", { hint: "try again" });
    const failing = (function* () {
      yield "begun";
      throw own;
    })();
    await expect(write(failing)).rejects.toBe(own);
  });

  test.each(waysToWrite)("a folder that is a file is told (%s)", async (_, write) => {
    writeFileSync(join(home, "inner"), "");
    await expect(write(["x"])).rejects.toMatchObject({ code: "disk-failed" });
  });
});

describe("replacing a folder", () => {
  const replace = (text: string) =>
    replaceFolder(
      path,
      (folder) => readdirSync(folder).includes("mine"),
      (beside) => {
        writeFileSync(join(beside, "mine"), text);
        return text.length;
      },
    );

  test("shows the old or the new one, and nothing beside it", () => {
    expect(replace("first")).toBe(5);
    expect(replace("second")).toBe(6);
    expect(readFileSync(join(path, "mine"), "utf8")).toBe("second");
    expect(readdirSync(join(home, "inner"))).toEqual(["file"]);
  });

  test("keeps the old one when filling fails", () => {
    replace("first");
    expect(() =>
      replaceFolder(
        path,
        () => true,
        () => {
          throw full;
        },
      ),
    ).toThrow(/could not be written/);
    expect(readFileSync(join(path, "mine"), "utf8")).toBe("first");
    expect(readdirSync(join(home, "inner"))).toEqual(["file"]);
  });

  test("does not touch what is not its own", () => {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "letters"), "");
    expect(() => replace("first")).toThrow(/was not made by Sampan/);
    expect(readdirSync(path)).toEqual(["letters"]);
  });
});

test("a digest of a file is that of its bytes, across chunks", () => {
  const bytes = Buffer.alloc((1 << 22) + 17, "sampan");
  writeAtomically(path, [bytes]);
  expect(digestFile(path)).toBe(sha256(bytes));
});

test("reading past the end names the file", () => {
  writeAtomically(path, ["abc"]);
  using file = openByteFile(path);
  expect(Buffer.from(file.read(1, 2)).toString()).toBe("bc");
  expect(() => file.read(2, 2)).toThrow(/ends at byte 3/);
  expect(() => file.read(-1, 2)).toThrow(/promised/);
  expect(() => openByteFile(join(home, "gone"))).toThrow(/cannot be read/);
});
