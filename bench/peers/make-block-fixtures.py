"""Makes test/fixtures/blocks/*.json: golden values for the block formats.

Decoding: random blocks, decoded by the `gguf` package. Encoding: random values, encoded by the `gguf`
package and, where llama-cpp-python is installed, checked against ggml's own ggml_quantize_chunk.
Run: python bench/peers/make-block-fixtures.py
"""

import base64
import ctypes
import glob
import json
import os

import numpy as np
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType as Type
from gguf.quants import dequantize, quantize

FOLDER = os.path.join(os.path.dirname(__file__), "../../test/fixtures/blocks")
DECODED = ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"]
ENCODED = ["F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1"]
# Where the half-precision scales stand in a block: random bytes there could be NaN.
SCALES = {"Q8_0": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2],
          "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}


def text(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def random_blocks(rng, name, count):
    weights, size = GGML_QUANT_SIZES[Type[name]]
    if name in ("F32", "F16", "BF16"):
        values = (rng.standard_normal(count) * 10.0 ** rng.integers(-6, 5, count)).astype(np.float32)
        return values.view(np.uint8) if name == "F32" else quantize(values, Type[name]).view(np.uint8)
    blocks = rng.integers(0, 256, (count // weights, size), dtype=np.uint8)
    for at in SCALES[name]:
        scale = (rng.standard_normal(len(blocks)) * 10.0 ** rng.integers(-4, 2, len(blocks))).astype(np.float16)
        blocks[:, at:at + 2] = scale.view(np.uint8).reshape(-1, 2)
    return blocks.reshape(-1)


def random_values(rng):
    rows = [rng.standard_normal(32) * 10.0 ** power for power in range(-8, 5)]
    rows += [np.zeros(32), np.full(32, 0.25), np.full(32, -3.0), np.linspace(-1, 1, 32)]
    rows += [np.round(rng.standard_normal(32) * 8) / 2 for _ in range(8)]  # many ties
    rows += [np.where(rng.random(32) < 0.5, 7.0, -7.0), rng.standard_normal(32) * 1e-30]
    rows += [rng.standard_normal(32) * 0.05 for _ in range(8)]
    return np.concatenate(rows).astype(np.float32)


def ggml_encode(name, values, expected):
    import llama_cpp

    folder = os.path.join(os.path.dirname(llama_cpp.__file__), "lib")
    library = ctypes.CDLL(glob.glob(os.path.join(folder, "libggml-base.so*"))[0])
    chunk = library.ggml_quantize_chunk
    chunk.restype = ctypes.c_size_t
    chunk.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p] + [ctypes.c_int64] * 3 + [ctypes.c_void_p]
    out = np.zeros_like(expected)
    chunk(int(Type[name]), values.ctypes.data, out.ctypes.data, 0, len(values) // 32, 32, None)
    return out


def main():
    os.makedirs(FOLDER, exist_ok=True)
    rng = np.random.default_rng(20261124)
    for name in DECODED:
        blocks = random_blocks(rng, name, 512)
        values = dequantize(blocks.reshape(1, -1), Type[name]).astype(np.float32).reshape(-1)
        with open(os.path.join(FOLDER, f"{name}.decode.json"), "w") as file:
            json.dump({"encoding": name, "count": 512, "blocks": text(blocks), "values": text(values)}, file)
    values = random_values(rng)
    for name in ENCODED:
        blocks = quantize(values, Type[name]).view(np.uint8).reshape(-1)
        try:
            same = np.array_equal(ggml_encode(name, values, blocks), blocks)
            print(name, "ggml_quantize_chunk agrees" if same else "ggml_quantize_chunk DIFFERS")
        except (ImportError, IndexError, OSError) as reason:
            print(name, "not compared with ggml:", reason)
        with open(os.path.join(FOLDER, f"{name}.encode.json"), "w") as file:
            json.dump({"encoding": name, "values": text(values), "blocks": text(blocks)}, file)


main()
