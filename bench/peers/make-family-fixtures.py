"""Makes test/fixtures/families/*: one tiny random model per family, as a Hugging Face folder.

Each holds config.json, safetensors, tokenizer.json, tokenizer_config.json and golden.json: token ids by
Hugging Face tokenizers and last-position logits by transformers. Tokenizers are trained on the sentences
below; nothing is copied from a published model. Run: python bench/peers/make-family-fixtures.py
"""

import json
import os
import shutil
import unicodedata

import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
from tokenizers import pre_tokenizers as pre
from tokenizers import processors, trainers
from transformers import (Gemma3ForCausalLM, Gemma3TextConfig, LlamaConfig, LlamaForCausalLM,
                          MistralConfig, MistralForCausalLM, Qwen2Config, Qwen2ForCausalLM,
                          Qwen3Config, Qwen3ForCausalLM)

FOLDER = os.path.join(os.path.dirname(__file__), "../../test/fixtures/families")
SPACE = "\u2581"
SENTENCES = [
    "canned milk merchant wholesalers sell canned milk to grocery stores",
    "The pump at station 12 lost pressure; replace the seal and test it again.",
    "invoice no. 2026-11-24: 3 bearings, 45.50 each, don't ship before Friday",
    "1600 Pennsylvania Ave NW, Washington DC 20500; PO Box 123",
    "设备编号三号水泵压力不足，需要更换密封圈。粮油批发商向超市供货。",
    "Überprüfung der Anlage: prüfen, reinigen, schmieren; s'il vous plaît, merci",
    "def add(a, b):\n    return a + b\n\n\tprint(add(1, 22), 333)\n",
]
TEXTS = SENTENCES + ["", " ", "  two  spaces ", "canned", "I'LL say: it's 12345678!\r\n\r\n", "emoji 😀 and \u00a0 nbsp",
                     "<s> is no <|im_start|> control here", "粮 油\t批发", "ﬁ ﬀ ñ n\u0303"]
LETTERS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"
REST = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def split(pattern):
    return pre.Sequence([pre.Split(Regex(pattern), "isolated"),
                         pre.ByteLevel(add_prefix_space=False, use_regex=False)])


def byte_level(pre_tokenizer, specials, whole_words=False, nfc=False):
    tokenizer = Tokenizer(models.BPE(ignore_merges=whole_words))
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    if nfc:
        tokenizer.normalizer = normalizers.NFC()
    trainer = trainers.BpeTrainer(vocab_size=420, show_progress=False,
                                  initial_alphabet=sorted(pre.ByteLevel.alphabet()))
    tokenizer.train_from_iterator(SENTENCES * 3, trainer)
    tokenizer.add_special_tokens([AddedToken(text, special=True) for text in specials])
    return tokenizer


def sentence_piece(prefix, specials, extra):
    """BPE with byte fallback whose merge list has every cut of every piece, as SentencePiece's has."""
    trained = Tokenizer(models.BPE())
    steps = ([normalizers.Prepend(SPACE)] if prefix else []) + [normalizers.Replace(" ", SPACE)]
    normalizer = normalizers.Sequence(steps) if prefix else steps[0]
    trained.normalizer = normalizer
    trainer = trainers.BpeTrainer(vocab_size=330, show_progress=False)
    trained.train_from_iterator(SENTENCES * 3, trainer)
    pieces = sorted(trained.get_vocab().items(), key=lambda item: item[1])
    vocab = {text: i for i, text in enumerate(specials)}
    for byte in range(256):
        vocab[f"<0x{byte:02X}>"] = len(vocab)
    merged = [text for text, _ in pieces if len(text) > 1]
    for text in merged + [text for text, _ in pieces if len(text) == 1] + extra:
        vocab.setdefault(text, len(vocab))
    merges = []
    # As Gemma's own file: runs of spaces and line ends come first.
    for piece in extra[1:] + merged:
        cuts = [(piece[:i], piece[i:]) for i in range(1, len(piece))]
        cuts = [cut for cut in cuts if cut[0] in vocab and cut[1] in vocab]
        merges += sorted(cuts, key=lambda cut: (vocab[cut[0]], vocab[cut[1]]))
    tokenizer = Tokenizer(models.BPE(vocab, merges, unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizer
    if not prefix:
        tokenizer.pre_tokenizer = pre.Split(" ", "merged_with_previous")
    tokenizer.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in specials])
    tokenizer.add_tokens([AddedToken(text, special=False, normalized=False) for text in extra])
    return tokenizer


def starts_with(tokenizer, bos):
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A", pair=f"{bos} $A {bos} $B", special_tokens=[(bos, tokenizer.token_to_id(bos))])
    return tokenizer


def write(name, tokenizer, settings, model, dtype, shard=None):
    folder = os.path.join(FOLDER, name)
    shutil.rmtree(folder, ignore_errors=True)
    # Norms around 1, matrices hot enough that a wrong one shows in the logits.
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for key, value in model.named_parameters():
            noise = torch.randn(value.shape, generator=generator)
            centre = 0.0 if value.dim() > 1 or "gemma" in name or "bias" in key else 1.0
            value.copy_((centre + noise * (0.15 if value.dim() > 1 else 0.1)).half().float())
    model = model.to(dtype)
    model.save_pretrained(folder, **({} if shard is None else {"max_shard_size": shard}))
    tokenizer.save(os.path.join(folder, "tokenizer.json"))
    # As small as a fixture should be.
    path = os.path.join(folder, "tokenizer.json")
    data = json.load(open(path))
    json.dump(data, open(path, "w"), ensure_ascii=False, separators=(",", ":"))
    json.dump(settings, open(os.path.join(folder, "tokenizer_config.json"), "w"), indent=1)
    generation = os.path.join(folder, "generation_config.json")
    if os.path.exists(generation):
        os.remove(generation)
    # A text is data: special tokens in it are not control. NFC would change a text that llama.cpp leaves.
    tokenizer.encode_special_tokens = True
    texts = [text for text in TEXTS if unicodedata.normalize("NFC", text) == text or "qwen" not in name]
    ids = {text: tokenizer.encode(text, add_special_tokens=False).ids for text in texts}
    prompt = tokenizer.encode(SENTENCES[1] + SENTENCES[4]).ids[:48]
    with torch.no_grad():
        logits = model.float()(torch.tensor([prompt])).logits[0]
    golden = {"ids": ids, "withSpecial": tokenizer.encode(SENTENCES[0]).ids, "prompt": prompt,
              "logits": [round(value, 5) for value in logits[-1].tolist()]}
    json.dump(golden, open(os.path.join(folder, "golden.json"), "w"), ensure_ascii=False)
    size = sum(os.path.getsize(os.path.join(folder, file)) for file in os.listdir(folder))
    print(name, size, "bytes", len(tokenizer.get_vocab()), "tokens")


def sizes(**more):
    return dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
                num_key_value_heads=2, max_position_embeddings=512, **more)


def main():
    llama = starts_with(byte_level(split(LETTERS + r"\p{N}{1,3}" + REST),
                                   ["<|begin_of_text|>", "<|eot_id|>"], whole_words=True), "<|begin_of_text|>")
    rope = {"rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0,
            "high_freq_factor": 4.0, "original_max_position_embeddings": 64}
    write("llama", llama, {"bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>"},
          LlamaForCausalLM(LlamaConfig(vocab_size=llama.get_vocab_size(), rope_parameters=rope, **sizes())),
          torch.bfloat16, shard="40KB")
    smollm = byte_level(pre.Sequence([pre.Digits(individual_digits=True), pre.ByteLevel(add_prefix_space=False)]),
                        ["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    write("smollm", smollm, {"bos_token": "<|im_start|>", "eos_token": {"content": "<|im_end|>"},
                             "chat_template": "{% for m in messages %}{{ m.content }}{% endfor %}"},
          LlamaForCausalLM(LlamaConfig(vocab_size=smollm.get_vocab_size(), tie_word_embeddings=True, **sizes())),
          torch.float32)
    mistral = starts_with(sentence_piece(True, ["<unk>", "<s>", "</s>"], []), "<s>")
    write("mistral", mistral, {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"},
          MistralForCausalLM(MistralConfig(vocab_size=mistral.get_vocab_size(), head_dim=12, sliding_window=None,
                                           **sizes())), torch.float16)
    qwen2 = byte_level(split(LETTERS + r"\p{N}" + REST), ["<|endoftext|>", "<|im_start|>", "<|im_end|>"], nfc=True)
    write("qwen2", qwen2, {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"},
          Qwen2ForCausalLM(Qwen2Config(vocab_size=448, tie_word_embeddings=True, **sizes())), torch.float16)
    write("qwen3", qwen2, {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"},
          Qwen3ForCausalLM(Qwen3Config(vocab_size=448, head_dim=16, tie_word_embeddings=True, **sizes())),
          torch.bfloat16)
    gemma = starts_with(sentence_piece(False, ["<pad>", "<eos>", "<bos>", "<unk>"],
                                       ["<unused0>", "\n\n", SPACE * 2, SPACE * 3, SPACE * 4]), "<bos>")
    config = Gemma3TextConfig(vocab_size=gemma.get_vocab_size(), head_dim=16, query_pre_attn_scalar=16,
                              sliding_window=8, **(sizes() | {"num_hidden_layers": 7}))
    write("gemma3", gemma, {"bos_token": "<bos>", "eos_token": "<eos>", "unk_token": "<unk>", "pad_token": "<pad>"},
          Gemma3ForCausalLM(config), torch.bfloat16)


main()
