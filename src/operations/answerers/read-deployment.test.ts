import { expect, test } from "vitest";
import type { JsonObject } from "../../kernel/index.ts";
import { readDeployment } from "./read-deployment.ts";

const read = (value: JsonObject) =>
  readDeployment({ folder: "out/t/bundle", readJson: () => value });

test("a foreign deployment is refused by file and field", () => {
  const task = {
    name: "t",
    description: "",
    input: { type: "object", properties: { text: { type: "string" } } },
    output: { type: "object", properties: { kind: { enum: ["a", "b"] } } },
  };
  const member = { kind: "oracle", id: "x", file: "x.bin" };
  const foreign = {
    task,
    winner: { id: "x", label: "X" },
    members: [member],
    confidenceMap: { kind: "identity" },
    threshold: 0.5,
  };
  expect(() => read(foreign)).toThrow(/bundle\/deployment\.json: members\.0\.kind: /);
  expect(() => read({})).toThrow(/deployment\.json: task: /);
  try {
    read(foreign);
  } catch (error) {
    expect(error).toMatchObject({ code: "format-corrupt" });
  }
});
