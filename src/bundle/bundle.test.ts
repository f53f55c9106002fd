import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { toyFacts, toyParts } from "../../test/toy-bundle.ts";
import { canonicalJson, sha256 } from "../kernel/index.ts";
import { bundleReadme } from "./bundle-readme.ts";
import { openBundle, packBundle, verifyBundle, type BundlePart } from "./index.ts";

let home = "";
let folder = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "sampan-bundle-"));
  folder = join(home, "out", "industry-code");
  writeFileSync(join(home, "weights"), Buffer.alloc(5_000, "weights"));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const parts = () => toyParts(home);
const pack = (files = parts(), to = folder) => packBundle({ folder: to, facts: toyFacts, files });

/** Every file below, by its path, sorted. */
function listFiles(from: string): string[] {
  return readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(from.length + 1))
    .sort();
}

describe("packing", () => {
  test("gives a folder that verifies and opens", async () => {
    const packed = await pack();
    const verdict = verifyBundle(folder);
    expect(verdict).toEqual({ ok: true, digest: packed.digest, files: 5, problems: [] });
    expect(packed.digest).toBe(sha256(readFileSync(join(folder, "manifest.json"))));
    const bundle = await openBundle(folder);
    expect(bundle.manifest.variant.id).toBe("tuned-q8_0");
    expect(bundle.readJson("task.json")).toEqual({ name: "industry-code" });
    expect(readFileSync(bundle.locate("model.gguf"))).toEqual(readFileSync(join(home, "weights")));
    expect(bundle.has("chain.json")).toBe(false);
    expect(() => bundle.locate("chain.json")).toThrow(/has no chain.json/);
    expect(Buffer.from(bundle.readBytes("README.md")).toString()).toContain("Be kind.");
    expect(readdirSync(dirname(folder))).toEqual(["industry-code"]);
  });

  test("says in its README what each file of a build's bundle is", () => {
    const names = [
      "automaton.json",
      "automaton-base.json",
      "base.gguf",
      "classical.json",
      "deployment.json",
      "evaluation.json",
      "licences/NOTICE",
      "model.gguf",
      "task.json",
    ];
    const rows = bundleReadme(toyFacts, names).match(/^\| `.*$/gm) ?? [];
    expect(rows.length).toBe(names.length);
    for (const row of rows) expect(row).toMatch(/^\| `[^`]+` \| \w.* \|$/);
  });

  test("gives the same bytes whatever the order of the parts", async () => {
    const first = await pack();
    const second = await pack(parts().reverse(), join(home, "again"));
    expect(second.digest).toBe(first.digest);
    const names = listFiles(folder);
    expect(listFiles(join(home, "again"))).toEqual(names);
    for (const name of names) {
      expect(readFileSync(join(home, "again", name))).toEqual(readFileSync(join(folder, name)));
    }
  });

  test("replaces an older bundle and an empty folder, and nothing else", async () => {
    mkdirSync(folder, { recursive: true });
    await pack();
    const smaller = await pack(parts().slice(0, 1));
    expect(verifyBundle(folder)).toMatchObject({ ok: true, digest: smaller.digest });
    const other = join(home, "letters");
    mkdirSync(other);
    writeFileSync(join(other, "dear.txt"), "do not lose me");
    await expect(pack(parts(), other)).rejects.toMatchObject({ code: "usage-invalid" });
    await expect(pack(parts(), join(home, "weights"))).rejects.toMatchObject({
      code: "usage-invalid",
    });
    expect(readdirSync(other)).toEqual(["dear.txt"]);
  });

  test("leaves a bundle of the same bytes alone, and mends a damaged one", async () => {
    const made = () => statSync(folder).ino;
    const first = await pack();
    const inode = made();
    expect(await pack()).toEqual(first);
    expect(made()).toBe(inode);
    writeFileSync(join(folder, "model.gguf"), Buffer.alloc(5_000, "weighty"));
    expect(await pack()).toEqual(first);
    expect(made()).not.toBe(inode);
    expect(verifyBundle(folder, first.digest).ok).toBe(true);
  });

  test("refuses a file that is not the promised one any more", async () => {
    const weights: BundlePart = {
      path: "model.gguf",
      from: { kind: "file", path: join(home, "weights"), sha256: "c".repeat(64) },
    };
    await expect(pack([weights])).rejects.toMatchObject({
      code: "digest-mismatch",
      hint: expect.stringContaining("build again"),
    });
    expect(existsSync(folder)).toBe(false);
  });

  test("copies: what happens to a bundle does not happen to the store", async () => {
    await pack();
    writeFileSync(join(folder, "model.gguf"), "damaged");
    expect(readFileSync(join(home, "weights")).length).toBe(5_000);
  });

  test.each([
    "../out.json",
    "/etc/x",
    "a//b",
    "a/../b",
    ".hidden",
    "a\\b",
    "x/",
    "",
    "a/.",
    "nul\0",
  ])("refuses the path %j before writing anything", async (path) => {
    const files: BundlePart[] = [{ path, from: { kind: "bytes", bytes: "x" } }];
    await expect(pack(files)).rejects.toMatchObject({ code: "internal" });
    expect(readdirSync(home)).toEqual(["weights"]);
  });

  test("refuses two parts that one name or one place would take", async () => {
    const part = (path: string): BundlePart => ({ path, from: { kind: "bytes", bytes: path } });
    await expect(pack([part("a.json"), part("A.json")])).rejects.toThrow(/there twice/);
    await expect(pack([part("a"), part("a.b"), part("a/b")])).rejects.toThrow(/below a file/);
    await expect(pack([part("manifest.json")])).rejects.toThrow(/there twice/);
  });

  test("leaves the old bundle whole when a part cannot be written", async () => {
    const { digest } = await pack();
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
    });
    const failing = [...parts()];
    failing.push({
      path: "zz.json",
      from: {
        kind: "bytes",
        get bytes(): string {
          throw full;
        },
      },
    });
    await expect(pack(failing)).rejects.toMatchObject({
      code: "disk-failed",
      hint: expect.stringContaining("Free some space"),
    });
    await expect(
      pack([{ path: "model.gguf", from: { kind: "file", path: join(home, "gone") } }]),
    ).rejects.toMatchObject({ code: "not-found" });
    expect(verifyBundle(folder, digest).ok).toBe(true);
    expect(readdirSync(dirname(folder))).toEqual(["industry-code"]);
  });

  test("tidies up after processes that were killed", async () => {
    const { digest } = await pack();
    const parent = dirname(folder);
    // No process has this id: Linux's largest is 2^22.
    renameSync(folder, join(parent, ".industry-code.99999999.old"));
    mkdirSync(join(parent, ".industry-code.99999998.partial"));
    await expect(pack([{ path: "../x", from: { kind: "bytes", bytes: "" } }])).rejects.toThrow();
    await expect(
      pack([{ path: "x", from: { kind: "file", path: join(home, "gone") } }]),
    ).rejects.toThrow();
    expect(readdirSync(parent)).toEqual(["industry-code"]);
    expect(verifyBundle(folder).digest).toBe(digest);
  });
});

describe("verifying", () => {
  test("sees a flipped bit in every file", async () => {
    await pack();
    for (const name of listFiles(folder)) {
      const path = join(folder, name);
      const bytes = readFileSync(path);
      if (bytes.length === 0) continue;
      for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ 1;
        writeFileSync(path, flipped);
        expect(verifyBundle(folder).ok, `${name} at ${at}`).toBe(false);
      }
      writeFileSync(path, bytes);
    }
    expect(verifyBundle(folder).ok).toBe(true);
  });

  test("names what is missing, shorter, extra or no plain file", async () => {
    await pack();
    const { digest } = verifyBundle(folder);
    writeFileSync(join(folder, "stranger.sh"), "");
    mkdirSync(join(folder, "attic"));
    writeFileSync(join(folder, "licences", ".DS_Store"), "");
    rmSync(join(folder, "empty.json"));
    writeFileSync(join(folder, "task.json"), "{}");
    rmSync(join(folder, "model.gguf"));
    symlinkSync(join(home, "weights"), join(folder, "model.gguf"));
    const verdict = verifyBundle(folder, "c".repeat(64));
    expect(verdict.problems.map(({ kind, path }) => `${kind} ${path}`).sort()).toEqual([
      "changed task.json",
      "digest manifest.json",
      "extra attic",
      "extra licences/.DS_Store",
      "extra stranger.sh",
      "missing empty.json",
      "not-plain model.gguf",
    ]);
    expect(verdict.digest).toBe(digest);
    await expect(openBundle(folder)).rejects.toMatchObject({ code: "digest-mismatch" });
  });

  test("shows a stranger's name so that it cannot steer a terminal", async () => {
    await pack();
    writeFileSync(join(folder, "\u001b[2Jgone\u202e.txt"), "");
    const [problem] = verifyBundle(folder).problems;
    expect(problem?.message).toBe(String.raw`\u{1b}[2Jgone\u{202e}.txt does not belong to it`);
  });

  test("does not follow a linked folder", async () => {
    await pack();
    cpSync(join(folder, "licences"), join(home, "licences"), { recursive: true });
    rmSync(join(folder, "licences"), { recursive: true });
    symlinkSync(join(home, "licences"), join(folder, "licences"));
    const verdict = verifyBundle(folder);
    expect(verdict.ok).toBe(false);
    expect(verdict.problems.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      "extra licences",
      "not-plain licences/toy.txt",
    ]);
    await expect(openBundle(folder)).rejects.toMatchObject({ code: "digest-mismatch" });
  });

  test("tells a file that may not be read", async () => {
    await pack();
    chmodSync(join(folder, "task.json"), 0);
    const readable = process.getuid?.() === 0;
    expect(verifyBundle(folder).ok).toBe(readable);
  });

  test("reads parts only when they are the promised ones", async () => {
    await pack();
    const bundle = await openBundle(folder);
    writeFileSync(join(folder, "task.json"), canonicalJson({ name: "industry-cede" }));
    expect(() => bundle.readJson("task.json")).toThrow(/was changed/);
    expect(() => bundle.readJson("licences/toy.txt")).toThrow(/no JSON object/);
  });

  test("refuses a part that nests without end", async () => {
    const bytes = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
    await pack([...parts(), { path: "deployment.json", from: { kind: "bytes", bytes } }]);
    const bundle = await openBundle(folder);
    expect(() => bundle.readJson("deployment.json")).toThrow(/nests deeper than 64 levels/);
  });
});
