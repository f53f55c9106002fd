import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PlainSha256 } from "./sha256.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("plain arithmetic gives Node's digest, whatever the pieces", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 6 }), (pieces) => {
      const plain = new PlainSha256();
      const native = createHash("sha256");
      for (const piece of pieces) {
        plain.update(piece);
        native.update(piece);
      }
      expect(hex(plain.digest())).toBe(native.digest("hex"));
    }),
  );
});

test("texts are hashed as UTF-8", () => {
  const text = "Sampan 舢舨";
  expect(hex(new PlainSha256().update(text).digest())).toBe(
    createHash("sha256").update(text).digest("hex"),
  );
});
