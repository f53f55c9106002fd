export { answerGrammar, readAnswer, writeAnswer, type AnswerForm } from "./answer.ts";
export {
  frameChat,
  frameCompletion,
  type BaseTask,
  type ChatMessage,
  type WorkedExample,
} from "./base-prompt.ts";
export { renderChat } from "./chat-template.ts";
export { grammarTexts } from "./grammar-texts.ts";
export { framePrompt, sourceTexts } from "./prompt.ts";
export { decodeText, encodeText } from "./text-encoding.ts";
