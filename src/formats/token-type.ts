/** Token types as GGUF numbers them. Source: llama.cpp, enum llama_token_type. */
export const tokenType = {
  normal: 1,
  unknown: 2,
  control: 3,
  userDefined: 4,
  unused: 5,
  byte: 6,
} as const;
