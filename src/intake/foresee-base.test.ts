import { expect, test } from "vitest";
import { foreseeBase } from "./index.ts";

test("a base of the catalogue is known before it is there; a path is not", () => {
  expect(foreseeBase("gemma-3-270m", "/nowhere")).toMatchObject({
    name: "gemma-3-270m",
    shape: { width: 640, layers: 18 },
    bytesToFetch: 253_113_024,
  });
  expect(foreseeBase("./some.gguf", "/nowhere")).toBeUndefined();
});
