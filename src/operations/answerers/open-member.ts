import { readClassical } from "../../evaluate/index.ts";
import type { JsonObject } from "../../kernel/index.ts";
import { automatonFromJson, openModel } from "../../runtime/index.ts";
import type { Answerer, Deployment, DeploymentMember } from "../../schema/index.ts";
import { assertNever } from "../../kernel/index.ts";
import { openBaseAnswerer } from "./base-answerer.ts";
import { openClassicalAnswerer } from "./classical-answerer.ts";
import { openTunedAnswerer } from "./tuned-answerer.ts";

/** The part of a bundle that holds its automaton. */
export const automatonFile = "automaton.json";

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
      const automaton = automatonFromJson(files.readJson(automatonFile));
      return openTunedAnswerer(model, automaton, task);
    }
    case "base": {
      const model = await openModel(files.locate(member.file), options);
      const automaton = automatonFromJson(files.readJson(automatonFile));
      return openBaseAnswerer(model, automaton, task, member.shots);
    }
    default:
      return assertNever(member);
  }
}
