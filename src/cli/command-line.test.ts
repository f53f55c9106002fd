import { describe, expect, test } from "vitest";
import { z } from "zod";
import { SampanError } from "../kernel/index.ts";
import { operations, type Operation } from "../operations/index.ts";
import { parseCommandLine } from "./command-line.ts";

const bend: Operation = {
  name: "bend",
  summary: "bend a thing",
  about: "Bends a thing, slowly.",
  input: z.strictObject({
    thing: z.string().describe("what to bend"),
    topSpeed: z.number().optional().describe("how fast"),
    wood: z.array(z.string()).optional().describe("which woods"),
    wet: z.boolean().default(false).describe("wet it first"),
  }),
  positional: ["thing"],
  examples: [{ line: "sampan bend plank", does: "a plank" }],
  run: async () => Promise.resolve({ value: {}, text: "" }),
};

function parse(...args: readonly string[]) {
  const shown: string[] = [];
  const output = { writeOut: (text: string) => void shown.push(text), writeErr: () => undefined };
  return { parsed: parseCommandLine([bend, ...operations], args, output), shown: shown.join("") };
}

function failure(...args: readonly string[]): SampanError {
  try {
    parse(...args);
  } catch (error) {
    if (SampanError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("the command line", () => {
  test("follows from the operation", () => {
    const { parsed } = parse(
      "bend",
      "plank",
      "--top-speed",
      "2.5",
      "--wood",
      "oak",
      "ash",
      "--wet",
      "--json",
    );
    expect(parsed?.input).toEqual({
      thing: "plank",
      topSpeed: 2.5,
      wood: ["oak", "ash"],
      wet: true,
    });
    expect(parsed?.flags).toMatchObject({ json: true, quiet: false });
  });

  test("help teaches: what it does, its flags, an example", () => {
    const { shown, parsed } = parse("help", "bend");
    expect(parsed).toBeUndefined();
    for (const part of [
      "Bends a thing, slowly.",
      "--top-speed <number>",
      "how fast",
      "sampan bend plank",
    ]) {
      expect(shown).toContain(part);
    }
  });

  test.each([
    [["bnd", "x"], 'Did you mean "sampan bend"?'],
    [["bend", "x", "--top-sped", "1"], "Did you mean --top-speed?"],
    [["bend", "x", "--jsn"], "Did you mean --json?"],
    [["bend", "x", "--top-speed", "fast"], "Write for example --top-speed 2."],
    [["bend"], 'See "sampan help bend".'],
    [["zzzzzzz"], "Commands: bend"],
    [["help", "bnd"], 'Did you mean "sampan bend"?'],
  ])("%j is refused with a remedy", (args, hint) => {
    const error = failure(...args);
    expect(error.code).toBe("usage-invalid");
    expect(error.hint).toContain(hint);
  });

  test("every verb says what it does and shows how", () => {
    for (const { name, summary, about, input, examples } of operations) {
      expect(summary.length, name).toBeLessThan(90);
      expect(about.length, name).toBeGreaterThan(30);
      expect(examples.length, name).toBeGreaterThan(0);
      for (const [flag, schema] of Object.entries(input.shape)) {
        expect(z.toJSONSchema(schema, { io: "input" }).description, `${name} ${flag}`).toBeTruthy();
      }
    }
  });
});

test("a verb of two words stands below its first", () => {
  const { parsed } = parse("vocabulary", "trim", "--base", "b", "--out", "o");
  expect(parsed?.operation.name).toBe("vocabulary trim");
  expect(failure("vocabulary", "trmi").hint).toBe('Did you mean "sampan vocabulary trim"?');
  expect(failure("vocabulary", "trim", "--bsae", "x").hint).toBe("Did you mean --base?");
  expect(failure("vocabulary").hint).toMatch(/^Commands: vocabulary /);
});
