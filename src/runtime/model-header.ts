import { openByteFile } from "../disk/index.ts";
import { openGguf, textAt, textsAt } from "../formats/index.ts";

/** Matrix encodings whose kernels give a row the same bits whatever rows are beside it. */
const independent = new Set(["Q8_0", "Q4_0", "Q4_1"]);

/** What llama.cpp does not tell of a file; read when first asked for, because it takes a while. */
export class ModelHeader {
  readonly #path: string;
  #facts: Facts | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  get vocabularySize(): number {
    return this.#read().vocabularySize;
  }

  get chatTemplate(): string | undefined {
    return this.#read().chatTemplate;
  }

  /**
   * Whether all matrices are of encodings whose rows are independent; measured on AVX2 and AVX-512
   * (test/model/runtime.test.ts), so that any other processor is taken to have none.
   */
  rowsAreIndependent(processor: string): boolean {
    const measured = /\bAVX2 = 1/.test(processor) && !/\bAMX\w* = 1/.test(processor);
    return measured && this.#read().matrixEncodings.every((encoding) => independent.has(encoding));
  }

  #read(): Facts {
    if (this.#facts) return this.#facts;
    using file = openByteFile(this.#path);
    const { metadata, tensors } = openGguf(file);
    const matrices = [...tensors.values()].filter(({ shape }) => shape.length > 1);
    this.#facts = {
      vocabularySize: textsAt(metadata, "tokenizer.ggml.tokens")?.length ?? 0,
      chatTemplate: textAt(metadata, "tokenizer.chat_template"),
      matrixEncodings: [...new Set(matrices.map(({ encoding }) => encoding))],
    };
    return this.#facts;
  }
}

interface Facts {
  readonly vocabularySize: number;
  readonly chatTemplate: string | undefined;
  readonly matrixEncodings: readonly string[];
}
