import { Template } from "@huggingface/jinja";
import { SampanError } from "../kernel/index.ts";
import type { ChatMessage } from "./base-prompt.ts";

const longestTemplate = 100_000;

/** The text a base's own chat template makes of a conversation, up to where the assistant speaks. */
export function renderChat(
  template: string,
  messages: readonly ChatMessage[],
  special: { readonly bos: string; readonly eos: string },
): string {
  if (template.length > longestTemplate) {
    throw new SampanError("format-corrupt", `the chat template has ${template.length} characters`, {
      hint: `Templates up to ${longestTemplate} characters are accepted; check the base's metadata.`,
    });
  }
  try {
    return new Template(template).render({
      messages: messages.map((message) => ({ ...message })),
      add_generation_prompt: true,
      bos_token: special.bos,
      eos_token: special.eos,
    });
  } catch (cause) {
    throw new SampanError(
      "base-unsupported",
      `the base's chat template cannot be rendered: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        hint: "Set variants.zeroShot: false and variants.fewShot: 0 in the task, or use another base.",
        cause,
      },
    );
  }
}
