export type { AnswerRequest, BoundedAnswer } from "./answer.ts";
export { automatonFromJson, automatonToJson } from "./automaton/automaton-json.ts";
export { standsAsWords } from "./automaton/word-boundary.ts";
export { compileGrammar, type Automaton } from "./automaton/automaton.ts";
export { encodeExample, encodePrompt } from "./encode-example.ts";
export { Model, openModel, type AnswerOptions, type ModelOptions } from "./model.ts";
export { decisionTracer, type TracedAnswer, type TracedDecision } from "./trace-decisions.ts";
export { openTokenizer } from "./tokenizer.ts";
