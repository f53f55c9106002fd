import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { digestFile, openByteFile, writeAtomically, type ByteFile } from "../disk/index.ts";
import { convertFolder, ggufChunks, type ModelFolder } from "../formats/index.ts";
import { digestOf, SampanError, type Digest, type Emit } from "../kernel/index.ts";

/** Raised when the conversion itself changes, so that folders are converted again. */
const converterVersion = 1;
/** A tokenizer.json of 262,144 tokens has 33 MB; text files above this bound are not the model's. */
const maximalTextBytes = 1 << 28;
/** Files that decide what is converted; a folder may hold much else. */
const relevant = /^(?:.+\.safetensors|.+\.json|chat_template\.jinja|README\.md)$/;

/**
 * Converts a Hugging Face folder to GGUF once: the result is kept at `<home>/converted/<digest of the
 * folder's files>/model.gguf`, and its path given back.
 */
export function convertOnce(path: string, home: string, emit: Emit): string {
  const target = join(home, "converted", digestFolder(path), "model.gguf");
  if (existsSync(target)) return target;
  emit({ kind: "note", text: `${path} is converted to GGUF once, into ${target}` });
  const opened: ByteFile[] = [];
  try {
    const { metadata, tensors } = convertFolder(modelFolder(path, opened));
    writeAtomically(target, ggufChunks(metadata, tensors));
  } finally {
    for (const file of opened) file[Symbol.dispose]();
  }
  return target;
}

function digestFolder(path: string): Digest {
  const names = readdirSync(path)
    .filter((name) => relevant.test(name) && statSync(join(path, name)).isFile())
    .sort();
  const files = names.map((name) => [name, digestFile(join(path, name))]);
  return digestOf({ converterVersion, files });
}

function modelFolder(path: string, opened: ByteFile[]): ModelFolder {
  return {
    name: path,
    text(name) {
      const file = join(path, name);
      if (!existsSync(file)) return undefined;
      const { size } = statSync(file);
      if (size <= maximalTextBytes) return readFileSync(file, "utf8");
      throw new SampanError("format-corrupt", `${file} has ${size} bytes, too many for a text`, {
        hint: "Check that this is the model's own file.",
      });
    },
    source(name) {
      const file = join(path, name);
      if (!existsSync(file)) return undefined;
      const source = openByteFile(file);
      opened.push(source);
      return source;
    },
  };
}
