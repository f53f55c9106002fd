"""Makes test/fixtures/tune/*: tiny random models of the four families with loss and adapter gradients by
PyTorch + PEFT, under GGUF's names and conventions. Run: python bench/peers/make-tune-fixtures.py
"""

import json
import os

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import (Gemma3ForCausalLM, Gemma3TextConfig, LlamaConfig, LlamaForCausalLM,
                          Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM)

FOLDER = os.path.join(os.path.dirname(__file__), "../../test/fixtures/tune")
WIDTH, LAYERS, FEED, HEADS, KV, HEAD, VOCABULARY, RANK, ALPHA = 16, 2, 24, 2, 1, 8, 40, 2, 6
WINDOW, BASE, LOCAL_BASE, EPSILON = 4, 1000.0, 100.0, 1e-5
PARTS = {"attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
         "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
         "ffn_down": "mlp.down_proj"}
SHAPE = dict(hidden_size=WIDTH, num_hidden_layers=LAYERS, intermediate_size=FEED, num_attention_heads=HEADS,
             num_key_value_heads=KV, head_dim=HEAD, vocab_size=VOCABULARY, rms_norm_eps=EPSILON,
             attn_implementation="eager")
ROPE = dict(rope_parameters={"rope_type": "default", "rope_theta": BASE})
LLAMA3 = {"rope_type": "llama3", "rope_theta": BASE, "factor": 4.0, "low_freq_factor": 1.0,
          "high_freq_factor": 4.0, "original_max_position_embeddings": 64}
GEMMA = dict(layer_types=["sliding_attention", "full_attention"], sliding_window=WINDOW, query_pre_attn_scalar=HEAD,
             rope_parameters={"full_attention": {"rope_type": "linear", "rope_theta": BASE, "factor": 2.0},
                              "sliding_attention": {"rope_type": "default", "rope_theta": LOCAL_BASE}})
MODELS = {
    "llama": lambda: LlamaForCausalLM(LlamaConfig(**SHAPE, rope_parameters=LLAMA3, tie_word_embeddings=True)),
    "qwen2": lambda: Qwen2ForCausalLM(Qwen2Config(**SHAPE, **ROPE, tie_word_embeddings=False)),
    "qwen3": lambda: Qwen3ForCausalLM(Qwen3Config(**SHAPE, **ROPE, tie_word_embeddings=False)),
    "gemma3": lambda: Gemma3ForCausalLM(Gemma3TextConfig(**SHAPE, **GEMMA)),
}


def to_interleaved(matrix, heads):
    """Rows of q and k from Hugging Face's order (halves) to GGUF's for the Llama family (pairs)."""
    width = matrix.shape[0] // heads
    return matrix.reshape(heads, 2, width // 2, -1).transpose(1, 2).reshape(matrix.shape)


def gguf_rows(family, part, matrix):
    if family != "llama" or part not in ("attn_q", "attn_k"):
        return matrix
    return to_interleaved(matrix, HEADS if part == "attn_q" else KV)


def gguf_weights(family, model):
    state = {name: value.detach() for name, value in model.named_parameters()}
    norm = (lambda value: value + 1) if family == "gemma3" else (lambda value: value)
    out = {"token_embd.weight": state["model.embed_tokens.weight"], "output_norm.weight": norm(state["model.norm.weight"])}
    if not model.config.tie_word_embeddings:
        out["output.weight"] = state["lm_head.weight"]
    norms = {"attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm",
             "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm"}
    if family == "gemma3":
        norms |= {"ffn_norm": "pre_feedforward_layernorm", "post_attention_norm": "post_attention_layernorm",
                  "post_ffw_norm": "post_feedforward_layernorm"}
    for layer in range(LAYERS):
        for part, module in PARTS.items():
            for kind in ("weight", "bias"):
                value = state.get(f"model.layers.{layer}.{module}.{kind}")
                if value is not None:
                    out[f"blk.{layer}.{part}.{kind}"] = gguf_rows(family, part, value)
        for part, module in norms.items():
            value = state.get(f"model.layers.{layer}.{module}.weight")
            if value is not None:
                out[f"blk.{layer}.{part}.weight"] = norm(value)
    return out


def config_of(family, model):
    config = dict(family=family, vocabulary=VOCABULARY, width=WIDTH, layers=LAYERS, feedForward=FEED, heads=HEADS,
                  kvHeads=KV, headWidth=HEAD, normEpsilon=EPSILON, ropeBase=BASE,
                  ropePairing="interleaved" if family == "llama" else "halves", attentionBias=family == "qwen2",
                  headNorm=family in ("qwen3", "gemma3"), sandwichNorm=family == "gemma3",
                  activation="gelu-tanh" if family == "gemma3" else "silu",
                  embeddingScale=WIDTH**0.5 if family == "gemma3" else 1, attentionScale=HEAD**-0.5,
                  tiedHead=bool(model.config.tie_word_embeddings), contextLength=128)
    if family == "llama":
        plain = BASE ** (-torch.arange(0, HEAD, 2) / HEAD)
        config["ropeFrequencyFactors"] = (model.model.rotary_emb.inv_freq / plain).tolist()
    if family == "gemma3":
        config["localAttention"] = dict(window=WINDOW, ropeBase=LOCAL_BASE, globalEvery=2)
        config["ropeLinearFactor"] = 2
    return config


def main():
    os.makedirs(FOLDER, exist_ok=True)
    for family, make in MODELS.items():
        torch.manual_seed(11)
        model = make().eval()
        generator = torch.Generator().manual_seed(7)
        with torch.no_grad():
            for name, value in model.named_parameters():
                centre = 1.0 if value.dim() == 1 and "bias" not in name and family != "gemma3" else 0.0
                value.copy_(centre + 0.3 * torch.randn(value.shape, generator=generator))
        weights = gguf_weights(family, model)
        config = config_of(family, model)
        peft = get_peft_model(model, LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=[
            module.split(".")[-1] for module in PARTS.values()]))
        with torch.no_grad():
            for name, value in peft.named_parameters():
                if "lora" in name:
                    value.copy_(0.2 * torch.randn(value.shape, generator=generator))
        tokens = lambda count: torch.randint(0, VOCABULARY, (count,), generator=generator).tolist()
        examples = [dict(id=f"{i}", prompt=tokens(p), answer=tokens(a)) for i, (p, a) in enumerate([(7, 3), (2, 1), (11, 2)])]
        total = sum(len(example["answer"]) for example in examples)
        loss = 0.0
        for example in examples:
            ids = torch.tensor([example["prompt"] + example["answer"]])
            logits = peft(input_ids=ids[:, :-1]).logits[0, len(example["prompt"]) - 1 :]
            part = torch.nn.functional.cross_entropy(logits, torch.tensor(example["answer"]), reduction="sum") / total
            part.backward()
            loss += part.item()
        for name, value in peft.named_parameters():
            if "lora" not in name:
                continue
            path = name.removeprefix("base_model.model.model.layers.").replace(".default", "")
            layer, path = path.split(".", 1)
            part = next(part for part, module in PARTS.items() if path.startswith(module))
            side = "a" if "lora_A" in path else "b"
            order = (lambda matrix: gguf_rows(family, part, matrix)) if side == "b" else (lambda matrix: matrix)
            weights[f"adapter.{side}.blk.{layer}.{part}.weight"] = order(value.detach())
            weights[f"gradient.{side}.blk.{layer}.{part}.weight"] = order(value.grad)
        weights = {name: value.contiguous().clone() for name, value in weights.items()}
        save_file(weights, os.path.join(FOLDER, f"{family}.safetensors"))
        golden = dict(config=config, rank=RANK, alpha=ALPHA, examples=examples, loss=loss)
        with open(os.path.join(FOLDER, f"{family}.json"), "w") as out:
            json.dump(golden, out)


main()
