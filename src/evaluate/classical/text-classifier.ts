import { SampanError, type Json, type JsonObject } from "../../kernel/index.ts";
import type { ObjectSchema, TaskRecord } from "../../schema/index.ts";
import { z } from "zod";
import type { AnswerOption } from "../../schema/index.ts";
import type { ClassicalModel, Prediction } from "./classical-model.ts";
import { classesOf, classOf, isClosed } from "./closed-answers.ts";
import { limitRecords } from "./limit-records.ts";
import { classProbabilities, defaultInversePenalty, trainLogistic } from "./logistic.ts";
import { corruptModel, packNumbers, unpackFloats, unpackIntegers } from "./packed-numbers.ts";
import { countTerms, fitTfIdf, joinViews, weighTerms, type Vocabulary } from "./tf-idf.ts";
import { extractTerms, textOf } from "./text-terms.ts";

/** One output property and the model that answers it. */
interface FieldModel {
  readonly property: string;
  /** Canonical JSON of each class; "" means the property is left out. */
  readonly classes: readonly string[];
  /** [columns + 1, classes]; the last row is the intercept. */
  readonly weights: Float32Array;
}

export interface ClassifierTraining {
  readonly records: readonly TaskRecord[];
  readonly output: ObjectSchema;
  readonly inversePenalty?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Learns every closed property of the output from the input's texts: TF-IDF, then one logistic regression each. */
export function trainTextClassifier(training: ClassifierTraining): TextClassifier {
  const { output, onProgress } = training;
  if (training.records.length === 0) throw noRecords();
  const properties = Object.keys(output.properties).filter((name) => {
    const field = output.properties[name];
    return field !== undefined && isClosed(field);
  });
  const records = limitCharacters(training.records, output, properties);
  const documents = records.map((record) => extractTerms(record.input));
  const maxTerms = Math.max(5_000, Math.floor(maxWeights / 2 / classCount(output, properties)));
  const words = fitTfIdf(
    documents.map((document) => document.words),
    maxTerms,
  );
  const characters = fitTfIdf(
    documents.map((document) => document.characters),
    maxTerms,
  );
  const vocabularies = [words.vocabulary, characters.vocabulary];
  const rows = joinViews(
    [words.rows, characters.rows],
    vocabularies.map((vocabulary) => vocabulary.sizes.length),
  );
  const fields = properties.map((property, done): FieldModel => {
    const values = records.map((record) => classOf(record.output[property]));
    // Classes without an example cannot be learned, and would only take probability from the others.
    const seen = new Set(values);
    const classes = classesOf(output, property).filter((name) => seen.has(name));
    const indexOf = new Map(classes.map((name, i) => [name, i]));
    const labels = Int32Array.from(values, (value) => indexOf.get(value) ?? -1);
    if (labels.includes(-1)) throw labelOutside(property, records[labels.indexOf(-1)]);
    const weights = trainLogistic(
      { rows, labels, classes: classes.length },
      {
        inversePenalty: training.inversePenalty ?? defaultInversePenalty,
        onIteration: (iteration) => onProgress?.(done + iteration / 300, properties.length),
      },
    );
    return { property, classes, weights };
  });
  onProgress?.(properties.length, properties.length);
  return new TextClassifier(vocabularies, fields);
}

/** Characters x classes trained on at most: about a minute of one core. */
const maxWork = 60_000_000;

/** Weights of all models together at most, by terms x classes: bounds memory and the file. */
const maxWeights = 3_000_000;

function classCount(output: ObjectSchema, properties: readonly string[]): number {
  return properties.reduce((total, name) => total + classesOf(output, name).length, 0);
}

function limitCharacters(
  records: readonly TaskRecord[],
  output: ObjectSchema,
  properties: readonly string[],
): readonly TaskRecord[] {
  const classes = classCount(output, properties);
  return limitRecords(records, ({ input }) => (textOf(input).length + 1) * classes, maxWork);
}

/** Most outputs that a prediction lists. */
const mostOptions = 16;

/** The output with one property more; class names are canonical JSON, "" leaves the property out. */
function withClass(output: JsonObject, property: string, name: string): JsonObject {
  return name === "" ? output : { ...output, [property]: JSON.parse(name) as Json };
}

/** TF-IDF over words and characters with multinomial logistic regressions: the classical baseline for closed answers. */
export class TextClassifier implements ClassicalModel {
  readonly kind = "classifier";
  readonly #vocabularies: readonly Vocabulary[];
  readonly #fields: readonly FieldModel[];
  readonly #ids: readonly ReadonlyMap<string, number>[];

  constructor(vocabularies: readonly Vocabulary[], fields: readonly FieldModel[]) {
    this.#vocabularies = vocabularies;
    this.#fields = fields;
    this.#ids = vocabularies.map(({ terms }) => new Map(terms.map((term, id) => [term, id])));
  }

  predict(input: JsonObject): Prediction {
    let options: readonly AnswerOption[] = [{ output: {}, probability: 1 }];
    // Properties are independent given the input, so the likeliest outputs are made of likely parts.
    for (const { property, classes, probabilities } of this.probabilities(input)) {
      const ranked = [...probabilities.keys()]
        .sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b)
        .slice(0, mostOptions);
      options = options
        .flatMap(({ output, probability }) =>
          ranked.map((index) => ({
            output: withClass(output, property, classes[index] ?? ""),
            probability: probability * (probabilities[index] ?? 0),
          })),
        )
        .sort((a, b) => b.probability - a.probability)
        .slice(0, mostOptions);
    }
    const [best] = options;
    return { output: best?.output ?? {}, confidence: best?.probability ?? 0, options };
  }

  /** Probability of every class of every property. */
  probabilities(input: JsonObject): {
    readonly property: string;
    readonly classes: readonly string[];
    readonly probabilities: Float64Array;
  }[] {
    const row = this.#rowOf(input);
    return this.#fields.map(({ property, classes, weights }) => ({
      property,
      classes,
      probabilities: classProbabilities(row, weights, classes.length),
    }));
  }

  toJson(): JsonObject {
    return {
      kind: this.kind,
      version: 1,
      views: this.#vocabularies.map((vocabulary) => ({
        terms: vocabulary.terms.join("\n"),
        columns: packNumbers(vocabulary.columnOf),
        sizes: packNumbers(vocabulary.sizes),
        inverseFrequency: packNumbers(vocabulary.inverseFrequency),
      })),
      fields: this.#fields.map(({ property, classes, weights }) => ({
        property,
        classes,
        weights: packNumbers(weights),
      })),
    };
  }

  /** Throws `format-corrupt` for anything that `toJson` cannot have written. */
  static fromJson(json: unknown): TextClassifier {
    const parsed = fileSchema.safeParse(json);
    if (!parsed.success) throw corruptModel(z.prettifyError(parsed.error));
    const vocabularies = parsed.data.views.map(readVocabulary);
    const columns = vocabularies.reduce((total, { sizes }) => total + sizes.length, 0);
    const fields = parsed.data.fields.map(({ property, classes, weights }) => {
      const numbers = unpackFloats(weights);
      if (numbers.length !== (columns + 1) * classes.length) {
        throw corruptModel(`${property} has ${numbers.length} weights`);
      }
      return { property, classes, weights: numbers };
    });
    return new TextClassifier(vocabularies, fields);
  }

  #rowOf(input: JsonObject): Map<number, number> {
    const { words, characters } = extractTerms(input);
    const row = new Map<number, number>();
    let offset = 0;
    for (const [v, document] of [words, characters].entries()) {
      const [vocabulary, ids] = [this.#vocabularies[v], this.#ids[v]];
      if (vocabulary === undefined || ids === undefined) continue;
      for (const [column, value] of weighTerms(countTerms(document, ids), vocabulary)) {
        row.set(offset + column, value);
      }
      offset += vocabulary.sizes.length;
    }
    return row;
  }
}

const fileSchema = z.object({
  kind: z.literal("classifier"),
  version: z.literal(1),
  views: z
    .array(
      z.object({
        terms: z.string(),
        columns: z.string(),
        sizes: z.string(),
        inverseFrequency: z.string(),
      }),
    )
    .length(2),
  fields: z.array(
    z.object({ property: z.string(), classes: z.array(z.string()).min(1), weights: z.string() }),
  ),
});

function readVocabulary(view: z.infer<typeof fileSchema>["views"][number]): Vocabulary {
  const terms = view.terms === "" ? [] : view.terms.split("\n");
  const columnOf = unpackIntegers(view.columns);
  const sizes = unpackIntegers(view.sizes);
  const inverseFrequency = unpackFloats(view.inverseFrequency);
  if (columnOf.length !== terms.length || inverseFrequency.length !== sizes.length) {
    throw corruptModel("the vocabulary's parts differ in length");
  }
  if (columnOf.some((column) => column < 0 || column >= sizes.length)) {
    throw corruptModel("the vocabulary names a column that is not there");
  }
  return { terms, columnOf, sizes, inverseFrequency };
}

function noRecords(): SampanError {
  return new SampanError("data-invalid", "no training records for the classical baseline", {
    hint: "Check the task's data and splits: the training split is empty.",
  });
}

function labelOutside(property: string, record: TaskRecord | undefined): SampanError {
  const value = JSON.stringify(record?.output[property]);
  return new SampanError(
    "data-invalid",
    `${record?.place}: ${property} is ${value}, which the output schema does not allow`,
    {
      hint: "Correct the record or add the value to the schema.",
    },
  );
}
