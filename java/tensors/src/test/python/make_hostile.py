#!/usr/bin/env python3
"""Writes files that must be refused into ../resources/hostile, and manifest.txt: file, exception, a part of its message.

Needs Python alone. What is too large to commit, the tests make themselves (HostileFileTest)."""

import os
import struct

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "..", "resources", "hostile")
MANIFEST = []


def put(name, content, exception, message):
    with open(os.path.join(FOLDER, name), "wb") as file:
        file.write(content)
    MANIFEST.append(f"{name}|{exception}|{message}\n")


# ------------------------------------------------------------------------------------------------------- safetensors

def framed(header, data=b"", length=None):
    text = header if isinstance(header, bytes) else header.encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensor(name="a", dtype='"F32"', shape="[1]", offsets="[0,4]"):
    return f'"{name}":{{"dtype":{dtype},"shape":{shape},"data_offsets":{offsets}}}'


def st(name, header, data, message, exception="BadHeader", length=None):
    put(name + ".safetensors", framed(header, data, length), exception, message)


def safetensors():
    one = "{" + tensor() + "}"
    four = bytes(4)
    st("longer_than_file", one, four, "needs a file of 1008 bytes", "Truncated", 1000)
    st("longer_than_memory", one, four, "the most is 100000000", length=1 << 62)
    st("length_above_2_63", one, four, "the most is 100000000", length=(1 << 64) - 1)
    st("length_over_limit", one, four, "the most is 100000000", length=100_000_001)
    st("no_length", b"", b"", "starts like none of", "BadMagic")
    st("duplicate_name", "{" + tensor() + "," + tensor(offsets="[4,8]") + "}", bytes(8), "more than once")
    st("duplicate_name_escaped", "{" + tensor() + "," + tensor("\\u0061", offsets="[4,8]") + "}", bytes(8), "more than once")
    st("duplicate_dtype", '{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', four, "dtype more than once")
    st("duplicate_metadata", '{"__metadata__":{},"__metadata__":{}}', b"", "__metadata__ is there more than once")
    st("duplicate_metadata_key", '{"__metadata__":{"k":"1","k":"2"}}', b"", "more than once")
    st("gap", "{" + tensor() + "," + tensor("b", offsets="[8,12]") + "}", bytes(12), "begins at byte 8")
    st("gap_at_start", "{" + tensor(offsets="[4,8]") + "}", bytes(8), "begins at byte 4")
    st("overlap", "{" + tensor(shape="[2]", offsets="[0,8]") + "," + tensor("b", offsets="[4,8]") + "}", bytes(8), "begins at byte 4")
    st("same_range", "{" + tensor() + "," + tensor("b") + "}", four, "begins at byte 0")
    st("bytes_behind", one, bytes(5), "1 bytes follow the last tensor")
    st("data_missing", one, bytes(3), "the tensors", "Truncated")
    st("range_not_shape", "{" + tensor(shape="[2]") + "}", four, "has 8")
    st("range_backwards", "{" + tensor(offsets="[4,0]") + "}", four, "from 4 to 0")
    st("shape_overflow", "{" + tensor(shape="[4294967296,4294967296,4294967296]") + "}", four, "more than 2^63 - 1")
    st("shape_bytes_overflow", "{" + tensor(shape="[4611686018427387904]") + "}", four, "does not end on a byte")
    st("shape_wraps_to_fit", "{" + tensor(shape="[4294967296,4294967296]", offsets="[0,0]") + "}", b"", "more than 2^63 - 1")
    st("negative_dimension", "{" + tensor(shape="[-1]") + "}", four, "not from 0 to 2^63 - 1")
    st("negative_offset", "{" + tensor(offsets="[-4,0]") + "}", four, "not from 0 to 2^63 - 1")
    st("dimension_2_63", "{" + tensor(shape="[9223372036854775808]") + "}", four, "not from 0 to 2^63 - 1")
    st("fraction", "{" + tensor(shape="[1.5]") + "}", four, "should be a whole number")
    st("exponent", "{" + tensor(shape="[1e400]") + "}", four, "should be a whole number")
    st("nan", "{" + tensor(shape="[NaN]") + "}", four, "not the JSON it should be")
    st("leading_zero", "{" + tensor(shape="[01]") + "}", four, "not the JSON it should be")
    st("text_dimension", "{" + tensor(shape='["1"]') + "}", four, "should be a whole number")
    st("three_offsets", "{" + tensor(offsets="[0,4,4]") + "}", four, "not two numbers")
    st("one_offset", "{" + tensor(offsets="[0]") + "}", four, "not two numbers")
    st("no_offsets", "{" + tensor(offsets="[]") + "}", four, "not two numbers")
    st("no_shape", '{"a":{"dtype":"F32","data_offsets":[0,4]}}', four, "does not have")
    st("no_dtype", '{"a":{"shape":[1],"data_offsets":[0,4]}}', four, "does not have")
    st("unknown_dtype", "{" + tensor(dtype='"F128"') + "}", four, "is not known", "UnsupportedType")
    st("block_dtype", "{" + tensor(dtype='"Q4_0"') + "}", four, "is not known", "UnsupportedType")
    st("null_dtype", "{" + tensor(dtype="null") + "}", four, "should be a text")
    st("half_byte", "{" + tensor(dtype='"F4"', shape="[3]", offsets="[0,1]") + "}", b"\0", "does not end on a byte")
    st("six_bits", "{" + tensor(dtype='"F6_E2M3"', shape="[2]", offsets="[0,1]") + "}", b"\0", "does not end on a byte")
    st("axes_65", "{" + tensor(shape="[" + ",".join(["1"] * 65) + "]") + "}", four, "more than 64 axes")
    st("metadata_number", '{"__metadata__":{"k":1}}', b"", "should be a text")
    st("metadata_nested", '{"__metadata__":{"k":{}}}', b"", "should be a text")
    st("metadata_null", '{"__metadata__":null}', b"", "should be an object")
    st("tensor_is_array", '{"a":["F32",[1],[0,4]]}', four, "should be an object")
    st("array", "[]", b"", "starts like none of", "BadMagic")
    st("cut_json", "{" + tensor(), four, "not the JSON it should be")
    st("json_behind", one + "{}", four, "something follows")
    st("nul_behind", one + "\0", four, "not the JSON it should be")
    st("no_utf8", b'{"\xff":1}', b"", "no UTF-8")
    st("overlong_utf8", b'{"\xc0\x80":1}', b"", "no UTF-8")
    st("utf16", "{}".encode("utf-16-le"), b"", "not the JSON it should be")
    st("comment", "{/**/}", b"", "not the JSON it should be")
    st("single_quotes", "{'a':1}", b"", "not the JSON it should be")
    st("control_in_name", '{"a\x1b[31m":1}', b"", "not the JSON it should be")
    st("hostile_name_shown", '{"\\u001b[31m\\u202e":1}', b"", "what the header says of a tensor should be an object")
    st("hostile_name_in_message", "{" + tensor("\\u001b[31m\\u202e", offsets="[4,8]") + "}", bytes(8), '"\\u001b[31m\\u202e" begins')


# -------------------------------------------------------------------------------------------------------------- GGUF

def text(content):
    raw = content if isinstance(content, bytes) else content.encode()
    return struct.pack("<Q", len(raw)) + raw


def pair(key, kind, value):
    return text(key) + struct.pack("<I", kind) + value


def info(name="t", dims=(4,), kind=0, offset=0):
    return text(name) + struct.pack("<I", len(dims)) + b"".join(struct.pack("<Q", d) for d in dims) + struct.pack("<IQ", kind, offset)


def gguf(pairs=(), infos=(), data=64, version=3, tensors=None, count=None, align=32):
    head = b"GGUF" + struct.pack("<IQQ", version, len(infos) if tensors is None else tensors, len(pairs) if count is None else count)
    head += b"".join(pairs) + b"".join(infos)
    return head + bytes(-len(head) % align) + bytes(data)


def gg(name, content, message, exception="BadHeader"):
    put(name + ".gguf", content, exception, message)


def counts_and_pairs():
    gg("magic_alone", b"GGUF", "the version", "Truncated")
    gg("no_counts", b"GGUF" + struct.pack("<I", 3), "the number of tensors", "Truncated")
    gg("version_0", gguf(version=0), "version 0", "UnsupportedVersion")
    gg("version_1", gguf(version=1), "version 1", "UnsupportedVersion")
    gg("version_4", gguf(version=4), "version 4", "UnsupportedVersion")
    gg("tensors_2_63", gguf(tensors=1 << 63), "counts 9223372036854775808 tensors")
    gg("tensors_2_62", gguf(tensors=1 << 62), "counts 4611686018427387904 tensors")
    gg("pairs_2_63", gguf(count=1 << 63), "counts 9223372036854775808 metadata pairs")
    gg("pairs_2_64", gguf(count=(1 << 64) - 1), "counts 18446744073709551615 metadata pairs")
    gg("pairs_missing", gguf(count=4, data=0), "counts 4 metadata pairs")
    gg("empty_key", gguf([pair("", 0, b"\1")]), "is empty")
    gg("key_past_the_end", gguf([struct.pack("<Q", 65535) + b"key"]), "a key", "Truncated")
    gg("key_65536", gguf([struct.pack("<Q", 65536) + b"key"]), "the most is 65535")
    gg("key_2_63", gguf([struct.pack("<Q", 1 << 63) + b"key123"]), "the most is 65535")
    gg("key_control", gguf([pair("a\x1b[31m", 0, b"\1")]), "other than those of ASCII")
    gg("key_nul", gguf([pair("a\0", 0, b"\1")]), "other than those of ASCII")
    gg("key_utf8", gguf([pair("gr\u00fcn", 0, b"\1")]), "other than those of ASCII")
    gg("duplicate_key", gguf([pair("a", 0, b"\1"), pair("b", 0, b"\1"), pair("a", 7, b"\1")]), "more than once")
    gg("type_13", gguf([pair("a", 13, bytes(8))]), "type 13")
    gg("type_negative", gguf([pair("a", 0xFFFFFFFF, bytes(8))]), "type 4294967295")
    gg("text_past_the_end", gguf([pair("a", 8, struct.pack("<Q", 1000))]), "the value of a key", "Truncated")
    gg("text_2_63", gguf([pair("a", 8, struct.pack("<Q", 1 << 63))]), "the value of a key", "Truncated")
    gg("text_2_63_less_1", gguf([pair("a", 8, struct.pack("<Q", (1 << 63) - 1))]), "the value of a key", "Truncated")
    gg("array_of_unknown", gguf([pair("a", 9, struct.pack("<IQ", 99, 0))]), "type 99")
    gg("array_2_63", gguf([pair("a", 9, struct.pack("<IQ", 0, 1 << 63))]), "the value of a key", "Truncated")
    gg("array_wraps", gguf([pair("a", 9, struct.pack("<IQ", 10, 1 << 61))]), "the value of a key", "Truncated")
    gg("array_of_texts_2_61", gguf([pair("a", 9, struct.pack("<IQ", 8, 1 << 61))]), "the value of a key", "Truncated")
    gg("array_of_arrays_2_60", gguf([pair("a", 9, struct.pack("<IQ", 9, 1 << 60))]), "the value of a key", "Truncated")
    gg("array_text_past_the_end", gguf([pair("a", 9, struct.pack("<IQQ", 8, 1, 1000))]), "the value of a key", "Truncated")
    deep = struct.pack("<IQ", 9, 1) * 33 + struct.pack("<IQ", 0, 1) + b"\1"
    gg("deep", gguf([pair("a", 9, deep)]), "more than 32 deep")


def alignments():
    aligned = lambda kind, value: [pair("general.alignment", kind, value)]
    gg("alignment_0", gguf(aligned(4, struct.pack("<I", 0)), [info()]), "is 0, not a power of two")
    gg("alignment_3", gguf(aligned(4, struct.pack("<I", 3)), [info()]), "is 3, not a power of two")
    gg("alignment_2_63", gguf(aligned(10, struct.pack("<Q", 1 << 63)), [info()]), "is UINT64, not UINT32")
    gg("alignment_2_31", gguf(aligned(4, struct.pack("<I", 1 << 31)), [info()]), 'tensor "t"', "Truncated")
    gg("alignment_text", gguf(aligned(8, text("32")), [info()]), "is STRING, not UINT32")


def tensors():
    gg("name_64", gguf(infos=[info("n" * 64)]), "has 64 bytes; the most is 63")
    gg("name_2_63", gguf(infos=[struct.pack("<Q", 1 << 63) + bytes(24)]), "the most is 63")
    gg("name_nul", gguf(infos=[info("a\0b")]), "has a NUL")
    gg("name_no_utf8", gguf(infos=[info(b"\xff")]), "no UTF-8")
    gg("name_twice", gguf(infos=[info(), info(offset=32)]), "more than once")
    gg("axes_5", gguf(infos=[info(dims=(1,) * 5)]), "has 5 axes")
    gg("axes_9", gguf(infos=[info(dims=(1,) * 9)]), "has 9 axes")
    gg("axes_1000000", gguf(infos=[text("t") + struct.pack("<I", 1000000) + bytes(40)]), "has 1000000 axes")
    gg("axes_2_32", gguf(infos=[text("t") + struct.pack("<I", 0xFFFFFFFF) + bytes(40)]), "has 4294967295 axes")
    gg("dimension_negative", gguf(infos=[info(dims=(1 << 63,))]), "negative dimension")
    gg("dimensions_overflow", gguf(infos=[info(dims=(1 << 32, 1 << 32, 2))]), "more than 2^63 - 1")
    gg("bytes_overflow", gguf(infos=[info(dims=(1 << 62,))]), "too many bytes to count")
    gg("sizes_wrap", gguf(infos=[info("a", (1 << 60,)), info("b", (1 << 60,), 0, 1 << 62), info("c", (4,), 0, 1 << 63)]), "too many bytes to count")
    gg("row_no_blocks", gguf(infos=[info(dims=(33,), kind=2)]), "do not end with a block of 32")
    gg("scalar_block", gguf(infos=[info(dims=(), kind=8)]), "do not end with a block of 32")
    gg("type_4", gguf(infos=[info(kind=4)]), "not known", "UnsupportedType")
    gg("type_43", gguf(infos=[info(kind=43)]), "not known", "UnsupportedType")
    gg("type_2_31", gguf(infos=[info(kind=1 << 31)]), "type 2147483648", "UnsupportedType")
    gg("offset_no_multiple", gguf(infos=[info(offset=4)]), "not a multiple of the alignment 32")
    gg("offset_gap", gguf(infos=[info(offset=32)]), "the tensors before it end at 0")
    gg("offset_overlap", gguf(infos=[info("a"), info("b", offset=0)]), "the tensors before it end at 32")
    gg("offset_past_the_end", gguf(infos=[info(offset=1 << 40)]), "the tensors before it end at 0")
    gg("offset_2_63", gguf(infos=[info(offset=1 << 63)]), "the tensors before it end at 0")
    gg("data_missing", gguf(infos=[info(dims=(64,))], data=255), 'tensor "t"', "Truncated")
    gg("infos_cut", gguf(infos=[info(), info("b")[:20]], data=0, align=1), "a tensor", "Truncated")
    gg("infos_missing", gguf(infos=[info()], tensors=4, data=0, align=1), "counts 4 tensors")
    gg("info_cut", gguf(infos=[info(), info("bb", (1, 1, 1, 1))[:26]], data=0, align=1), "a tensor", "Truncated")
    gg("swapped_garbage", b"GGUF" + struct.pack(">IQQ", 3, 1 << 62, 0), "counts 4611686018427387904 tensors")


# ------------------------------------------------------------------------------------------------------------- index

def index(name, content, message, exception="BadHeader"):
    put(name + ".index.json", content if isinstance(content, bytes) else content.encode(), exception, message)


def indexes():
    names = lambda file: '{"weight_map":{"a":"' + file + '"}}'
    index("parent", names("../resources/hostile/x.safetensors"), "plain name")
    index("parent_backslash", names("..\\\\x.safetensors"), "plain name")
    index("absolute", names("/etc/passwd"), "plain name")
    index("drive", names("C:x.safetensors"), "plain name")
    index("folder", names("."), "plain name")
    index("folder_above", names(".."), "plain name")
    index("empty_name", names(""), "plain name")
    index("nul_in_name", names("a\\u0000b"), "plain name")
    index("names_itself", names("names_itself.index.json"), "the most is 100000000")
    index("names_nothing", names("is_not_there.safetensors"), "is_not_there.safetensors", "FileRefusedException")
    index("not_in_file", names("one.safetensors"), "is not in")
    index("tensor_twice", '{"weight_map":{"one":"one.safetensors","one":"one.safetensors"}}', "more than once")
    index("map_twice", '{"weight_map":{},"weight_map":{}}', "more than once")
    index("no_map", "{}", "no index")
    index("map_is_array", '{"weight_map":[]}', "should be an object")
    index("file_is_number", '{"weight_map":{"a":1}}', "should be a text")
    index("cut", '{"weight_map":{', "not the JSON it should be")
    index("json_behind", '{"weight_map":{}} {}', "something follows")
    index("no_utf8", b'{"weight_map":{"\xff":"a"}}', "no UTF-8")
    with open(os.path.join(FOLDER, "one.safetensors"), "wb") as file: # a good one, which two of these name
        file.write(framed("{" + tensor("one") + "}", bytes(4)))


def others():
    put("empty", b"", "BadMagic", "is empty")
    put("text", b"Hello", "BadMagic", "starts like none of")
    put("zlib", b"x\x9c" + bytes(30), "BadMagic", "starts like none of")
    put("pickle", b"\x80\x04\x95" + bytes(30), "BadMagic", "starts like none of")
    put("zip_cut", b"PK\3\4" + bytes(30), "ArrayFileException", "zip_cut")


os.makedirs(FOLDER, exist_ok=True)
for old in os.listdir(FOLDER):
    os.remove(os.path.join(FOLDER, old))
safetensors()
counts_and_pairs()
alignments()
tensors()
indexes()
others()
with open(os.path.join(FOLDER, "manifest.txt"), "w", encoding="utf-8") as manifest:
    manifest.writelines(MANIFEST)
