import type { JsonObject } from "../../kernel/index.ts";
import type { ObjectSchema, TaskRecord } from "../../schema/index.ts";
import { chooseClassical, type ClassicalChoice } from "./choose-classical.ts";
import type { ClassicalModel, Prediction } from "./classical-model.ts";
import { corruptModel } from "./packed-numbers.ts";
import { SpanTagger, trainSpanTagger } from "./span-tagger.ts";
import { TextClassifier, trainTextClassifier } from "./text-classifier.ts";

export interface ClassicalTraining {
  readonly records: readonly TaskRecord[];
  readonly input: ObjectSchema;
  readonly output: ObjectSchema;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Trains the classical baseline that suits the task; `model` is undefined when none does. */
export function trainClassical(training: ClassicalTraining): {
  readonly choice: ClassicalChoice;
  readonly model: ClassicalModel | undefined;
} {
  const choice = chooseClassical(training.input, training.output);
  return { choice, model: trainChosen(choice.kind, training) };
}

/** Reads back what a classical model's `toJson` wrote; throws `format-corrupt` for anything else. */
export function readClassical(json: unknown): ClassicalModel {
  const kind = typeof json === "object" && json !== null && "kind" in json ? json.kind : undefined;
  switch (kind) {
    case "classifier":
      return TextClassifier.fromJson(json);
    case "tagger":
      return SpanTagger.fromJson(json);
    case "both":
      return TwoModels.fromJson(json);
    default:
      throw corruptModel(`unknown kind ${JSON.stringify(kind)}`);
  }
}

function trainChosen(
  kind: ClassicalChoice["kind"],
  training: ClassicalTraining,
): ClassicalModel | undefined {
  switch (kind) {
    case "classifier":
      return trainTextClassifier(training);
    case "tagger":
      return trainSpanTagger(training);
    case "both":
      return new TwoModels(trainTextClassifier(training), trainSpanTagger(training));
    case undefined:
      return undefined;
  }
}

/** A classifier for the closed properties beside a tagger for the spans; their probabilities multiply. */
class TwoModels implements ClassicalModel {
  readonly kind = "both";
  readonly #classifier: TextClassifier;
  readonly #tagger: SpanTagger;

  constructor(classifier: TextClassifier, tagger: SpanTagger) {
    this.#classifier = classifier;
    this.#tagger = tagger;
  }

  predict(input: JsonObject): Prediction {
    const closed = this.#classifier.predict(input);
    const spans = this.#tagger.predict(input);
    return {
      output: { ...closed.output, ...spans.output },
      confidence: closed.confidence * spans.confidence,
    };
  }

  toJson(): JsonObject {
    return {
      kind: this.kind,
      classifier: this.#classifier.toJson(),
      tagger: this.#tagger.toJson(),
    };
  }

  static fromJson(json: unknown): TwoModels {
    const parts = typeof json === "object" && json !== null ? json : {};
    const classifier = "classifier" in parts ? parts.classifier : undefined;
    const tagger = "tagger" in parts ? parts.tagger : undefined;
    return new TwoModels(TextClassifier.fromJson(classifier), SpanTagger.fromJson(tagger));
  }
}
