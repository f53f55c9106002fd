import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { toyFacts, toyParts } from "../../test/toy-bundle.ts";
import { canonicalJson, sha256 } from "../kernel/index.ts";
import { openBundle, packBundle, verifyBundle } from "./index.ts";

let home = "";
let folder = "";
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "sampan-manifest-"));
  folder = join(home, "bundle");
  writeFileSync(join(home, "weights"), Buffer.alloc(5_000, "weights"));
  await packBundle({ folder, facts: toyFacts, files: toyParts(home) });
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

describe("a hostile manifest", () => {
  /** Puts a manifest in place with a digest that fits it. */
  function forge(text: string | Buffer): void {
    writeFileSync(join(folder, "manifest.json"), text);
    writeFileSync(join(folder, "manifest.sha256"), `${sha256(text)}  manifest.json\n`);
  }
  const forgeValue = (change: (manifest: Record<string, unknown>) => void): void => {
    const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
    change(manifest);
    forge(`${JSON.stringify(JSON.parse(canonicalJson(manifest)), undefined, 2)}\n`);
  };
  const problem = () => {
    expect(existsSync(folder)).toBe(true);
    const verdict = verifyBundle(folder);
    expect(verdict.ok).toBe(false);
    return verdict.problems[0]?.message;
  };

  test("is refused with a reason", async () => {
    const good = readFileSync(join(folder, "manifest.json"), "utf8");
    forge(good.slice(0, good.length / 2));
    expect(problem()).toContain("cut short");
    forge(Buffer.alloc(5 << 20, " "));
    expect(problem()).toContain("more than");
    forge(Buffer.from([0x7b, 0xff, 0x7d]));
    expect(problem()).toContain("UTF-8");
    forge(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
    expect(problem()).toBeDefined();
    forge("null");
    expect(problem()).toBeDefined();
    forge(good.replaceAll("  ", " "));
    expect(problem()).toContain("the way Sampan writes");
    forge(good);
    expect(verifyBundle(folder).ok).toBe(true);
    forgeValue((manifest) => (manifest["format"] = 2));
    expect(problem()).toContain("format 2");
    forge(good);
    forgeValue((manifest) => (manifest["files"] = [{ path: "../x", bytes: 0, sha256: "" }]));
    expect(problem()).toContain("files.0.path");
    forge(good);
    forgeValue((manifest) => (manifest["made"] = "yesterday"));
    expect(problem()).toContain("made");
    forge(good);
    forgeValue((manifest) => (manifest["files"] as unknown[]).reverse());
    expect(problem()).toContain("not sorted");
    rmSync(join(folder, "manifest.sha256"));
    expect(problem()).toContain("it has no manifest.sha256");
    rmSync(folder, { recursive: true });
    for (const nothing of [folder, join(home, "weights"), join(home, "x".repeat(5_000))]) {
      expect(verifyBundle(nothing)).toMatchObject({ ok: false, digest: undefined });
      await expect(openBundle(nothing)).rejects.toMatchObject({ code: "not-found" });
    }
  });

  test("never makes the reader throw anything but its own errors", async () => {
    const good = readFileSync(join(folder, "manifest.json"));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        (changes) => {
          const bytes = Buffer.from(good);
          for (const [at, change] of changes) bytes[at] = (bytes[at] ?? 0) ^ change;
          if (bytes.equals(good)) return;
          forge(bytes);
          const verdict = verifyBundle(folder);
          expect(verdict.problems.every(({ message }) => message.length > 0)).toBe(true);
        },
      ),
      { numRuns: 150, seed: 3 },
    );
  });
});
