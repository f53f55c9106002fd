/** Words that do not tell one accelerator or model from another: makers, packaging, number formats, training stages. */
const noise = new Set(
  [
    "nvidia amd intel google huawei apple hygon cambricon metax biren kunlun kunlunxin enflame iluvatar corex moore threads",
    "华为 昇腾 海光 寒武纪 沐曦 曦云 壁仞 壁砺 昆仑芯 燧原 天数智芯 天垓 摩尔线程 鲲鹏 平头哥",
    "tesla geforce instinct radeon gpu gpus npu npus dcu card server dgx hgx oam sxm sxm2 sxm3 sxm4 sxm5 sxm6",
    "hbm hbm2 hbm2e hbm3 hbm3e gddr6 gddr6x gddr7 generation edition tensor core",
    "instruct chat base hf it pt thinking preview exp dynamic quantized gguf awq gptq",
    "fp32 bf16 fp16 fp8 fp4 int8 int4 nvfp4 mxfp4 w8a8 w4a16 w4a8 w8a16",
  ].flatMap((line) => line.split(" ")),
);

/** "8x", and release dates as month or year and month ("0528", "2507"). */
const countOrDate = /^(\d{1,3}x|(0[1-9]|1[0-2])[0-3]\d|2[3-7](0[1-9]|1[0-2]))$/;

/** Names are compared without case, spaces and punctuation: "Llama-3.1 8B" is "llama318b". */
export function nameKey(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");
}

/**
 * As `nameKey` without remarks in brackets, an organisation before a slash, and words of no weight, in
 * alphabetical order, so that "8x NVIDIA A100 80GB (NVLink)" and "A100-80GB" meet. Empty when nothing is left.
 */
export function looseKey(name: string): string {
  const words = name
    .toLowerCase()
    .replaceAll(/(\d+)\s*gi?b\b/g, "$1gb")
    // Of a remark in brackets only a size of memory tells which chip it is.
    .replaceAll(/\(([^)]*)\)/g, (_, remark: string) => ` ${/\d+gb/.exec(remark)?.[0] ?? ""} `)
    .replace(/^[\w-]+\//, "")
    .replaceAll(/(\p{Script=Han}+)/gu, " $1 ")
    .split(/[^\p{L}\p{N}]+/u)
    // "8xh100" is "8x h100"; "8x7b" stays.
    .flatMap((word) => word.replace(/^(\d{1,3}x)(?=[a-z])/, "$1 ").split(" "));
  return words
    .filter((word) => word !== "" && !noise.has(word) && !countOrDate.test(word))
    .sort()
    .join(" ");
}
