import { readClassical } from "../../evaluate/index.ts";
import type { JsonObject } from "../../kernel/index.ts";
import { automatonFromJson, openModel } from "../../runtime/index.ts";
import type { Answerer, Deployment, DeploymentMember } from "../../schema/index.ts";
import { assertNever } from "../../kernel/index.ts";
import { openBaseAnswerer } from "./base-answerer.ts";
import { openClassicalAnswerer } from "./classical-answerer.ts";
import { openTunedAnswerer } from "./tuned-answerer.ts";

/** The parts of a bundle that hold the automaton: tuned and untouched models may differ in vocabulary. */
export const automatonFiles = { tuned: "automaton.json", base: "automaton-base.json" } as const;

/** The files of a bundle, as a member needs them. */
export interface MemberFiles {
  locate(path: string): string;
  readJson(path: string): JsonObject;
}

/** Opens one member of a deployment for answering. */
export async function openMember(
  member: DeploymentMember,
  task: Deployment["task"],
  files: MemberFiles,
  options: { readonly threads: number; readonly clock: () => number },
): Promise<Answerer> {
  switch (member.kind) {
    case "classical":
      return openClassicalAnswerer(readClassical(files.readJson(member.file)), options.clock);
    case "tuned": {
      const model = await openModel(files.locate(member.file), options);
      const automaton = automatonFromJson(files.readJson(automatonFiles.tuned));
      return openTunedAnswerer(model, automaton, task);
    }
    case "base": {
      const model = await openModel(files.locate(member.file), options);
      const automaton = automatonFromJson(files.readJson(automatonFiles.base));
      return openBaseAnswerer(model, automaton, task, member.shots);
    }
    default:
      return assertNever(member);
  }
}
