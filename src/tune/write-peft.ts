import { canonicalJson, SampanError } from "../kernel/index.ts";
import { openSafetensors, safetensorsChunks } from "../formats/index.ts";
import type { Adapter, AdapterPair, ByteSource, ModelConfig, Projection } from "../schema/index.ts";
import { matrixName, projectionShape } from "./model/adapter-layout.ts";

/** PEFT's module path of a projection inside a layer. */
const peftModules: Record<Projection, string> = {
  q: "self_attn.q_proj",
  k: "self_attn.k_proj",
  v: "self_attn.v_proj",
  o: "self_attn.o_proj",
  gate: "mlp.gate_proj",
  up: "mlp.up_proj",
  down: "mlp.down_proj",
};

/** A file of an adapter folder. */
export interface AdapterFile {
  readonly name: string;
  readonly chunks: Iterable<Uint8Array | string>;
}

/**
 * The two files that PEFT, transformers and vLLM load: `adapter_model.safetensors` (f32) and
 * `adapter_config.json`. `base` is what the adapter belongs to, for people; loaders override it.
 */
export function writePeftAdapter(
  adapter: Adapter,
  config: ModelConfig,
  base: string,
): readonly AdapterFile[] {
  const tensors = eachMatrix(adapter, config).flatMap(({ pair, path, heads }) => [
    matrix(`${path}.lora_A.weight`, [adapter.rank, pair.in], () => pair.a),
    matrix(`${path}.lora_B.weight`, [pair.out, adapter.rank], () =>
      heads === undefined ? pair.b : reorderRows(pair.b, heads, adapter.rank, "to-halves"),
    ),
  ]);
  const settings = {
    base_model_name_or_path: base,
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: adapter.alpha,
    lora_dropout: 0,
    modules_to_save: null,
    peft_type: "LORA",
    r: adapter.rank,
    target_modules: adapter.modules.map((one) => peftModules[one].replace(/^.*\./, "")),
    task_type: "CAUSAL_LM",
    use_dora: false,
    use_rslora: false,
  };
  return [
    { name: "adapter_model.safetensors", chunks: safetensorsChunks(tensors, { format: "pt" }) },
    { name: "adapter_config.json", chunks: [`${canonicalJson(settings)}\n`] },
  ];
}

/** Reads back what `writePeftAdapter` (or PEFT) wrote; `alpha` stands in adapter_config.json. */
export function readPeftAdapter(
  source: ByteSource,
  config: ModelConfig,
  alpha: number,
  modules: readonly Projection[],
): Adapter {
  const file = openSafetensors(source);
  const first = file.tensors.values().next().value;
  const rank = first === undefined ? 0 : Math.min(...first.shape);
  const read = (name: string, length: number): Float32Array => {
    const entry = file.tensors.get(name);
    const values = entry === undefined ? undefined : file.read(name);
    if (values?.length === length) return values;
    throw new SampanError(
      "format-corrupt",
      `${source.name} lacks ${name}, or its shape is another`,
      {
        hint: "The adapter belongs to another base or was cut short: train or fetch it again.",
      },
    );
  };
  const empty = new Float32Array();
  const pairs = Array.from({ length: config.layers }, (_, layer) =>
    modules.map((projection): AdapterPair => {
      const [out, width] = projectionShape(config, projection);
      return { target: matrixName(layer, projection), out, in: width, a: empty, b: empty };
    }),
  ).flat();
  const shaped = { rank, alpha, modules, pairs };
  return {
    ...shaped,
    pairs: eachMatrix(shaped, config).map(({ pair, path, heads }) => {
      const b = read(`${path}.lora_B.weight`, pair.out * rank);
      return {
        ...pair,
        a: read(`${path}.lora_A.weight`, rank * pair.in),
        b: heads === undefined ? b : reorderRows(b, heads, rank, "to-interleaved"),
      };
    }),
  };
}

function eachMatrix(adapter: Adapter, config: ModelConfig) {
  const pairs = new Map(adapter.pairs.map((pair) => [pair.target, pair]));
  return Array.from({ length: config.layers }, (_, layer) =>
    adapter.modules.map((projection) => {
      const pair = pairs.get(matrixName(layer, projection));
      if (pair === undefined) throw new TypeError(`no adapter of ${projection} in layer ${layer}`);
      const turned = config.ropePairing === "interleaved";
      const heads =
        turned && projection === "q"
          ? config.heads
          : turned && projection === "k"
            ? config.kvHeads
            : undefined;
      return {
        pair,
        heads,
        path: `base_model.model.model.layers.${layer}.${peftModules[projection]}`,
      };
    }),
  ).flat();
}

/**
 * Rows of a matrix between GGUF's order for the Llama family (rotary pairs side by side: 0, h, 1, h + 1 ...
 * of a head of width 2h) and Hugging Face's (halves: 0, 1 ... h, h + 1 ...).
 */
function reorderRows(
  values: Float32Array,
  heads: number,
  columns: number,
  direction: "to-halves" | "to-interleaved",
): Float32Array {
  const width = values.length / columns / heads;
  const result = new Float32Array(values.length);
  for (let row = 0; row < heads * width; row++) {
    const within = row % width;
    const paired = row - within + (within % (width / 2)) * 2 + (within < width / 2 ? 0 : 1);
    const [to, from] = direction === "to-halves" ? [row, paired] : [paired, row];
    result.set(values.subarray(from * columns, (from + 1) * columns), to * columns);
  }
  return result;
}

function matrix(name: string, shape: readonly number[], values: () => Float32Array) {
  return {
    name,
    shape,
    dtype: "F32" as const,
    data: () => {
      const { buffer, byteOffset, byteLength } = values();
      return new Uint8Array(buffer, byteOffset, byteLength);
    },
  };
}
