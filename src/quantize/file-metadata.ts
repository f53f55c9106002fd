import type { GgufMetadata, GgufValue } from "../formats/index.ts";
import { precisions, type FilePrecision } from "./precision.ts";

/** Version of ggml's block formats. Source: GGML_QNT_VERSION in ggml/include/ggml.h. */
const quantizationVersion = 2;

/**
 * The base's metadata for the new file. As llama.cpp's quantizer does, the quantization version and file
 * type are set anew at the end, so that the same base gives the same header.
 * @param provenance written as texts under `sampan.<key>`, sorted
 */
export function describeFile(
  base: GgufMetadata,
  precision: FilePrecision,
  name: string | undefined,
  provenance: Readonly<Record<string, string>>,
): GgufMetadata {
  const metadata = new Map<string, GgufValue>(base);
  if (name !== undefined) metadata.set("general.name", { kind: "text", value: name });
  const last: [string, GgufValue][] = [
    ...Object.entries(provenance)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]): [string, GgufValue] => [`sampan.${key}`, { kind: "text", value }]),
    ["general.quantization_version", { kind: "u32", value: quantizationVersion }],
    ["general.file_type", { kind: "u32", value: precisions[precision].fileType }],
  ];
  for (const [key, value] of last) {
    metadata.delete(key);
    metadata.set(key, value);
  }
  return metadata;
}
