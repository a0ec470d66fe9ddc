#!/usr/bin/env python3
"""Writes the files that the tests compare with, by the reference writers: PyPI's safetensors, gguf, numpy and ml_dtypes.

Without an argument it writes to ../resources/golden: the files are committed, and the tests need no Python.
scripts/tensors-oracle installs the packages, has it write the same files with other numbers into another folder
(make_golden.py FOLDER SEED ROWS), and has the tests read those.

The bytes of tensor t are the little-endian bytes of mix(seed, t, 0), mix(seed, t, 1) ... (see below), in a bool their
lowest bits. So the tests know every byte without Python.

types.safetensors    a tensor for every type that NumPy or ml_dtypes has, shape (3, 4), and one entry of metadata
names.safetensors    names that need escapes, whose sequence differs between Java and UTF-8; shapes () (0,) (2, 0, 3) (5,)
none.safetensors     no tensor
sharded/             an index and its two files
little.gguf          every type of metadata, arrays in arrays; tensors of NumPy's types, alignment 64
big.gguf             the same, big-endian
two.gguf             little.gguf as version 2
quants.gguf          a tensor for every type that can be dequantised, ROWS rows of two blocks
quants_big.gguf      the same, big-endian
quants.f32           what gguf.quants.dequantize makes of them, one after the other
arrays.npz           four arrays, one of them big-endian, one in Fortran order
"""

import json
import os
import struct
import sys

import gguf
import ml_dtypes
import numpy as np
from gguf import GGMLQuantizationType as Q
from gguf import GGUFEndian, GGUFWriter
from safetensors import TensorSpec, serialize
from safetensors.numpy import save

MASK = (1 << 64) - 1
HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "..", "resources", "golden")
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 21
ROWS = int(sys.argv[3]) if len(sys.argv) > 3 else 2

TYPES = [
    np.bool_, np.uint8, np.int8, ml_dtypes.float8_e5m2, ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e8m0fnu,
    ml_dtypes.float8_e4m3fnuz, ml_dtypes.float8_e5m2fnuz, np.int16, np.uint16, np.float16, ml_dtypes.bfloat16, np.int32,
    np.uint32, np.float32, np.complex64, np.float64, np.int64, np.uint64,
]
GGUF_TYPES = [np.float32, np.float16, np.float64, np.int8, np.int16, np.int32, np.int64]
QUANTS = [Q.F32, Q.F16, Q.BF16, Q.Q4_0, Q.Q4_1, Q.Q5_0, Q.Q5_1, Q.Q8_0, Q.Q2_K, Q.Q3_K, Q.Q4_K, Q.Q5_K, Q.Q6_K]

# Of the numbers in a block of more than one byte: where they are, and how long.
NUMBERS = {
    Q.F32: [(0, 4)], Q.F16: [(0, 2)], Q.BF16: [(0, 2)], Q.Q4_0: [(0, 2)], Q.Q4_1: [(0, 2), (2, 2)],
    Q.Q5_0: [(0, 2), (2, 4)], Q.Q5_1: [(0, 2), (2, 2), (4, 4)], Q.Q8_0: [(0, 2)], Q.Q2_K: [(80, 2), (82, 2)],
    Q.Q3_K: [(108, 2)], Q.Q4_K: [(0, 2), (2, 2)], Q.Q5_K: [(0, 2), (2, 2)], Q.Q6_K: [(208, 2)],
}


def mix(tensor, k):
    """SplitMix64: every bit pattern, so that NaN payloads and signs are in the files."""
    z = ((SEED << 48 | tensor << 32 | k) + 1) * 0x9E3779B97F4A7C15 & MASK
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


def data(tensor, size):
    return b"".join(struct.pack("<Q", mix(tensor, k)) for k in range((size + 7) // 8))[:size]


def array(tensor, dtype, shape):
    dtype = np.dtype(dtype)
    count = int(np.prod(shape))
    if dtype == np.bool_:
        return (np.frombuffer(data(tensor, count), np.uint8) & 1).astype(np.bool_).reshape(shape)
    return np.frombuffer(data(tensor, count * dtype.itemsize), dtype).reshape(shape)


def write(name, content):
    path = os.path.join(FOLDER, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


def safetensors():
    types = {f"t{i}": array(i, dtype, (3, 4)) for i, dtype in enumerate(TYPES)}
    write("types.safetensors", save(types, {"made by": "the reference \"writer\"\n\x01"}))
    names = ["\U0001f600", "\uff5e", "a\"b\\c\t\x00\x7f\u2028", "z", ""]
    shapes = [(), (0,), (2, 0, 3), (5,), (1,)]
    write("names.safetensors", save({n: array(i, np.float32, s) for i, (n, s) in enumerate(zip(names, shapes))}))
    write("none.safetensors", save({}))
    packed = array(0, np.uint8, (2, 4))
    spec = TensorSpec(dtype="float4_e2m1fn_x2", shape=[2, 4], data_ptr=packed.ctypes.data, data_len=packed.nbytes)
    write("packed.safetensors", bytes(serialize({"four": spec})))
    index = {"metadata": {"total_size": 3 * 48}, "weight_map": {}}
    for shard, tensors in enumerate([{"first": 0, "third": 2}, {"second": 1}]):
        file = f"model-{shard + 1:05}-of-00002.safetensors"
        write("sharded/" + file, save({n: array(i, np.float32, (3, 4)) for n, i in tensors.items()}, {"format": "pt"}))
        index["weight_map"].update({name: file for name in sorted(tensors)})
    write("sharded/model.safetensors.index.json", (json.dumps(index, indent=2) + "\n").encode())


def plain(name, endian):
    path = os.path.join(FOLDER, name)
    writer = GGUFWriter(path, "made-up", endianess=endian)
    writer.add_custom_alignment(64)
    writer.add_uint8("u8", 200)
    writer.add_int8("i8", -100)
    writer.add_uint16("u16", 60000)
    writer.add_int16("i16", -30000)
    writer.add_uint32("u32", 4000000000)
    writer.add_int32("i32", -2000000000)
    writer.add_float32("f32", 1.5)
    writer.add_uint64("u64", (1 << 64) - 2)
    writer.add_int64("i64", -(1 << 63))
    writer.add_float64("f64", -0.1)
    writer.add_bool("bool", True)
    writer.add_string("text", "gr\u00fc\u00df \U0001f600")
    writer.add_array("texts", [f"token {i}" for i in range(1000)])
    writer.add_array("ints", [1, -2, 3])
    writer.add_array("floats", [0.5, -0.25])
    writer.add_array("bools", [True, False])
    writer.add_array("nested", [[1, 2, 3], [4], [5, 6]])
    writer.add_array("deep", [[["a"], ["b", "c"]], [["d"]]])
    writer.add_string("last", "end")
    for i, dtype in enumerate(GGUF_TYPES):
        writer.add_tensor(f"g{i}", array(i, dtype, (2, 3, 1, 5)[i % 3:]))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def swapped(blocks, quant):
    size = gguf.GGML_QUANT_SIZES[quant][1]
    out = np.frombuffer(blocks, np.uint8).reshape((-1, size)).copy()
    for at, count in NUMBERS[quant]:
        out[:, at:at + count] = out[:, at:at + count][:, ::-1]
    return out


def quants():
    floats = b""
    files = {"quants.gguf": GGUFEndian.LITTLE, "quants_big.gguf": GGUFEndian.BIG}
    writers = {name: GGUFWriter(os.path.join(FOLDER, name), "made-up", endianess=e) for name, e in files.items()}
    for i, quant in enumerate(QUANTS):
        elements, size = gguf.GGML_QUANT_SIZES[quant]
        per_row = 2 if elements > 1 else 32
        blocks = data(i, ROWS * per_row * size)
        raw = np.frombuffer(blocks, np.uint8).reshape((ROWS, per_row * size))
        with np.errstate(all="ignore"):
            floats += gguf.quants.dequantize(raw, quant).astype("<f4", copy=False).tobytes()
        for name, endian in files.items():
            content = raw if endian == GGUFEndian.LITTLE else swapped(blocks, quant).reshape(raw.shape)
            writers[name].add_tensor(quant.name, content, raw_dtype=quant)
    for writer in writers.values():
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
    write("quants.f32", floats)


def npz():
    arrays = [array(i, np.float32, (3, 4)) for i in range(4)]
    np.savez(os.path.join(FOLDER, "arrays.npz"), plain=arrays[0], big=arrays[1].astype(">f4"),
             fortran=np.asfortranarray(arrays[2]), half=array(3, np.float16, (5,)))


os.makedirs(FOLDER, exist_ok=True)
safetensors()
plain("little.gguf", GGUFEndian.LITTLE)
plain("big.gguf", GGUFEndian.BIG)
with open(os.path.join(FOLDER, "little.gguf"), "rb") as little:
    content = bytearray(little.read())
content[4] = 2
write("two.gguf", content)
quants()
npz()
