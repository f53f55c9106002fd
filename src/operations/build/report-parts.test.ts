import { expect, test } from "vitest";
import type { FinishedStage } from "../../ledger/index.ts";
import { settingsOf } from "./report-parts.ts";

test("a setting is the flag's, the task's or the rule's", () => {
  const stage: FinishedStage = {
    key: "",
    digest: "",
    folder: "",
    cached: false,
    files: [],
    measured: {},
    value: {
      settings: { epochs: 1, rank: 4, clip: 1, modules: ["q", "v"] },
      reasons: {
        epochs: "set by the task",
        rank: "set by the task",
        clip: "norm 1",
        modules: "set by the task",
      },
    },
  };
  expect(settingsOf(stage, ["epochs"])).toEqual([
    { name: "epochs", value: "1", rule: "set by --epochs", setBy: "flag" },
    { name: "rank", value: "4", rule: "set by the task", setBy: "task" },
    { name: "clip", value: "1", rule: "norm 1", setBy: "rule" },
    { name: "modules", value: "q, v", rule: "set by the task", setBy: "task" },
  ]);
});
