import { expect, test } from "vitest";
import type { ObjectSchema, TaskRecord } from "../schema/index.ts";
import { frameChat, frameCompletion } from "./base-prompt.ts";
import { renderChat } from "./chat-template.ts";
import { framePrompt, sourceTexts } from "./prompt.ts";

const one: ObjectSchema = { type: "object", properties: { text: { type: "string" } } };
const two: ObjectSchema = {
  type: "object",
  properties: { title: { type: "string" }, amount: { type: "number", minimum: 0, maximum: 9 } },
};
const output: ObjectSchema = { type: "object", properties: { kind: { enum: ["a", "b"] } } };
const shot: TaskRecord = {
  id: "1",
  group: "1",
  place: "x:1",
  input: { text: "first" },
  output: { kind: "a" },
};

test("a tuned prompt is the text and no ceremony", () => {
  expect(framePrompt(one, { text: "canned milk" })).toBe("canned milk\n");
  expect(framePrompt(two, { amount: 2, title: "x\ny" })).toBe("title: x\\ny\namount: 2\n");
  expect(sourceTexts(two, { amount: 2, title: "x" })).toEqual(["x"]);
});

test("an untouched base is told the job, with worked examples", () => {
  const task = { description: "Sort it.", input: one, output };
  expect(frameCompletion(task, { text: "second" }, [shot])).toBe(
    "Input:\nfirst\nAnswer:\na\n\nInput:\nsecond\nAnswer:\n",
  );
  expect(frameCompletion(task, { text: "second" }, [])).toBe(
    "Sort it.\nkind: one of: a; b\nReply with the value alone.\n\nInput:\nsecond\nAnswer:\n",
  );
  const template =
    "{{bos_token}}{% for m in messages %}<{{m.role}}>{{m.content}}{% endfor %}<assistant>";
  const text = renderChat(template, frameChat(task, { text: "second" }, [shot]), {
    bos: "^",
    eos: "$",
  });
  expect(text).toContain("<user>first<assistant>a<user>second<assistant>");
});
