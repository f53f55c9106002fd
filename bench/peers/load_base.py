"""Loads a GGUF of the Llama, Qwen 2, Qwen 3 or Gemma 3 family into a transformers model, in f32."""

import numpy as np
import torch
from gguf import GGUFReader, dequantize
from transformers import AutoConfig, AutoModelForCausalLM

PARTS = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
}
FFN_NORM = {"gemma3": "pre_feedforward_layernorm"}
SANDWICH = {"post_attention_norm": "post_attention_layernorm", "post_ffw_norm": "post_feedforward_layernorm"}


def to_halves(matrix, heads):
    """Rows of q and k from GGUF's order (rotary pairs side by side) to Hugging Face's (halves)."""
    width = matrix.shape[0] // heads
    return matrix.reshape(heads, width // 2, 2, *matrix.shape[1:]).swapaxes(1, 2).reshape(matrix.shape)


def load_base(path, dtype=torch.float32):
    reader = GGUFReader(path)
    meta = {key: field.contents() for key, field in reader.fields.items() if "tokenizer" not in key}
    family = meta["general.architecture"]
    get = lambda key, default=None: meta.get(f"{family}.{key}", default)
    heads, kv_heads = get("attention.head_count"), get("attention.head_count_kv")
    layers, width = get("block_count"), get("embedding_length")
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    config = dict(
        hidden_size=width,
        num_hidden_layers=layers,
        intermediate_size=get("feed_forward_length"),
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        head_dim=get("attention.key_length", width // heads),
        rms_norm_eps=get("attention.layer_norm_rms_epsilon"),
        vocab_size=int(tensors["token_embd.weight"].shape[1]),
        max_position_embeddings=get("context_length"),
        tie_word_embeddings="output.weight" not in tensors,
        attn_implementation="sdpa",
    )
    rope = {"rope_type": "default", "rope_theta": get("rope.freq_base")}
    if family == "gemma3":
        kinds = ["full_attention" if (i + 1) % 6 == 0 else "sliding_attention" for i in range(layers)]
        local = {"rope_type": "default", "rope_theta": 10000.0}
        config |= dict(
            layer_types=kinds,
            sliding_window=get("attention.sliding_window"),
            query_pre_attn_scalar=config["head_dim"],
            rope_parameters={"full_attention": rope, "sliding_attention": local},
        )
    else:
        config |= dict(rope_parameters=rope)
    kind = "gemma3_text" if family == "gemma3" else family
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(kind, **config), dtype=dtype)

    state = {}
    for name, tensor in tensors.items():
        values = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        values = values.reshape([int(size) for size in reversed(tensor.shape)])
        if name.startswith("blk."):
            _, layer, part, kind = name.split(".")
            if family == "llama" and part in ("attn_q", "attn_k"):
                values = to_halves(values, heads if part == "attn_q" else kv_heads)
            names = PARTS | SANDWICH | {"ffn_norm": FFN_NORM.get(family, "post_attention_layernorm")}
            if family == "gemma3" and part.endswith("norm"):
                values = values - 1
            state[f"model.layers.{layer}.{names[part]}.{kind}"] = values
        elif name == "token_embd.weight":
            state["model.embed_tokens.weight"] = values
        elif name == "output_norm.weight":
            state["model.norm.weight"] = values - 1 if family == "gemma3" else values
        elif name == "output.weight":
            state["lm_head.weight"] = values
    state = {key: torch.from_numpy(np.ascontiguousarray(value)).to(dtype) for key, value in state.items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    missing = [key for key in missing if key != "lm_head.weight"]
    assert not missing and not unexpected, (missing, unexpected)
    model.tie_weights()
    return model.eval()
