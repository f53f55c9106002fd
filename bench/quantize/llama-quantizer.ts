import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import koffi from "koffi";
import { findGgmlLibrary, precisions, type FilePrecision } from "../../src/quantize/index.ts";

/** Source: struct llama_model_quantize_params in llama.cpp's include/llama.h. */
const parameters = koffi.struct({
  nthread: "int32_t",
  ftype: "int",
  output_tensor_type: "int",
  token_embedding_type: "int",
  allow_requantize: "bool",
  quantize_output_tensor: "bool",
  only_copy: "bool",
  pure: "bool",
  keep_split: "bool",
  dry_run: "bool",
  imatrix: "void *",
  kv_overrides: "void *",
  tt_overrides: "void *",
  prune_layers: "void *",
  max_buf_size: "size_t",
});

/** llama.cpp's own quantizer, `llama_model_quantize`: the peer that our files are compared with. */
export function openLlamaQuantizer(
  threads: number,
): (input: string, output: string, precision: FilePrecision, requantize?: boolean) => void {
  const base = findGgmlLibrary();
  if (base === undefined) throw new Error("llama.cpp's library is not installed");
  const file = readdirSync(dirname(base)).find((name) =>
    /^(lib)?llama\.(v|so|dylib|dll)/.test(name),
  );
  if (file === undefined) throw new Error(`no libllama in ${dirname(base)}`);
  const library = koffi.load(join(dirname(base), file));
  const logger = koffi.pointer(koffi.proto("void (int level, const char *text, void *data)"));
  library.func("llama_log_set", "void", [logger, "void *"])(
    koffi.register(() => undefined, logger),
    null,
  );
  const defaults = library.func("llama_model_quantize_default_params", parameters, []);
  const quantize = library.func("llama_model_quantize", "uint32_t", [
    "str",
    "str",
    koffi.pointer(parameters),
  ]);
  return (input, output, precision, requantize = false) => {
    const status: number = quantize(input, output, {
      ...defaults(),
      nthread: threads,
      ftype: precisions[precision].fileType,
      allow_requantize: requantize,
    });
    if (status !== 0) throw new Error(`llama.cpp could not quantize ${input} to ${precision}`);
  };
}
