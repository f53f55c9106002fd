import { framePrompt } from "../../framing/index.ts";
import { encodePrompt, type Automaton, type Model } from "../../runtime/index.ts";
import type { Answerer } from "../../schema/index.ts";
import { openModelAnswerer, type AnsweredTask } from "./model-answerer.ts";

/** A tuned model as an answerer: the prompt is the input and no ceremony. */
export function openTunedAnswerer(
  model: Model,
  automaton: Automaton,
  task: AnsweredTask,
): Answerer {
  return openModelAnswerer(model, automaton, task, (input) =>
    encodePrompt(model.tokenizer, framePrompt(task.input, input)),
  );
}
