#!/usr/bin/env python3
"""Writes the array files that the tests compare with, by NumPy itself (python3-numpy, 1.24 or newer).

Run it from anywhere: it writes to ../resources/golden. The tests need no Python: the files are committed.

arrays.npz       one stored member for every dtype x byte order x memory order x shape, named like f8_big_F_2d.npy.
                 The first bytes of element k, counted in C sequence, are the little-endian bytes of mix(k), mix(k + 2^32)
                 (see below), in a bool k % 3 == 0. So any reader can check values without NumPy.
manifest.txt     a line for each member: name, dtype, fortran_order, shape, first byte and length of the member in
                 arrays.npz, bytes of its header, and its CRC-32.
deflated.npz     a member 'x' that is deflated.
*.npy            headers that NumPy writes seldom, or used to write.

The fuzz targets begin with some of these, and small archives and SciRS2 files, in the folders *FuzzInputs of the
package's resources.
"""

import io
import os
import warnings
import zipfile
import zlib

import numpy as np

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "golden")
SEEDS = os.path.join(HERE, "..", "dev", "quire", "array")
CODES = "b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16".split()
SHAPES = {"0d": (), "empty": (3, 0, 2), "1d": (7,), "2d": (3, 4), "6d": (2, 1, 3, 1, 2, 2)}
MASK = (1 << 64) - 1


def mix(k):
    """SplitMix64 of k: every bit pattern, so that NaN payloads and signs are in the files."""
    z = (k + 1) * 0x9E3779B97F4A7C15 & MASK
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


def element(code, k):
    if code == "b1":
        return bytes([k % 3 == 0])
    size = np.dtype(code).itemsize
    return (mix(k).to_bytes(8, "little") + mix(k + (1 << 32)).to_bytes(8, "little"))[:size]


def array(code, order, layout, shape):
    count = int(np.prod(shape))
    data = b"".join(element(code, k) for k in range(count))
    values = np.frombuffer(data, dtype="<" + code).reshape(shape)
    if order == "big":
        values = values.byteswap().view(values.dtype.newbyteorder())
    return np.array(values, order=layout, copy=True)


def path(name):
    return os.path.join(HERE, name)


def saved(values, version=None):
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.lib.format.write_array(out, values, version=version)
    return out.getvalue()


def write(name, data):
    with open(path(name), "wb") as out:
        out.write(data)


def members():
    for code in CODES:
        for order in ("little", "big"):
            if order == "big" and np.dtype(code).itemsize == 1:
                continue
            for layout in "CF":
                for label, shape in SHAPES.items():
                    yield f"{code}_{order}_{layout}_{label}", array(code, order, layout, shape)


def write_matrix():
    contents = {name: saved(values) for name, values in members()}
    with zipfile.ZipFile(path("arrays.npz"), "w", zipfile.ZIP_STORED) as archive:
        for name, data in contents.items():
            # As numpy.savez does: ZIP64 fields in every local header.
            info = zipfile.ZipInfo(name + ".npy")
            with archive.open(info, "w", force_zip64=True) as out:
                out.write(data)
    whole = open(path("arrays.npz"), "rb").read()
    with open(path("manifest.txt"), "w") as manifest, zipfile.ZipFile(path("arrays.npz")) as archive:
        for name, data in contents.items():
            header = io.BytesIO(data)
            np.lib.format.read_magic(header)
            shape, fortran, dtype = np.lib.format.read_array_header_1_0(header)
            local = archive.getinfo(name + ".npy").header_offset
            start = local + 30 + sum(int.from_bytes(whole[local + i : local + i + 2], "little") for i in (26, 28))
            assert whole[start : start + len(data)] == data
            fields = [name, dtype.str, fortran, repr(shape).replace(" ", ""), start, len(data), header.tell(),
                      zlib.crc32(data)]
            manifest.write(" ".join(map(str, fields)) + "\n")


def structured(count, prefix="field"):
    return np.zeros(2, dtype=[(f"{prefix}{i:05d}", "<f4") for i in range(count)])


def version1(text, alignment=64):
    text += " " * (-(len(text) + 11) % alignment) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode("latin1")


def write_rarities():
    plain = np.arange(6, dtype="<i4").reshape(2, 3)
    for version in (1, 2, 3):
        write(f"version{version}.npy", saved(plain, (version, 0)))
    write("wide_v2.npy", saved(structured(2900)))
    write("unicode_v3.npy", saved(np.zeros(2, dtype=[("\u00e9t\u00e9", "<f8"), ("\u6e29\u5ea6", ">i2")])))
    data = plain.tobytes()
    write("python2.npy", version1("{'descr': '<i4', 'fortran_order': False, 'shape': (2L, 3L), }", 16) + data)
    write("odd_offset.npy", version1("{'shape': (2, 3), 'fortran_order': False, 'descr': 'i4'}", 1) + data)
    nested = np.dtype([
        ("id", "<i4"),
        (("the place", "pos"), [("x", "<f8"), ("y", ">f8")]),
        ("grid", "<f4", (2, 3)),
        ("label", "<U5"),
    ])
    write("nested.npy", saved(np.zeros((2,), dtype=nested)))
    aligned = np.dtype([("flag", "?"), ("value", "<f8"), ("small", "<i2")], align=True)
    values = np.zeros(3, dtype=aligned)
    values["value"] = [1.5, -2.5, 3.5]
    values["small"] = [7, 8, 9]
    values["flag"] = [True, False, True]
    write("aligned.npy", saved(values))
    write("strings.npy", saved(np.array(["one", "three"])))
    write("dates.npy", saved(np.array(["2026-01-01"], dtype="datetime64[D]")))
    write("objects.npy", saved(np.array([None, {}], dtype=object)))
    np.savez_compressed(path("deflated.npz"), x=plain)


def seed(target, name, data):
    folder = os.path.join(SEEDS, target + "Inputs", "parse")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as out:
        out.write(data)


def archive(*members, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as zip_file:
        for member in members:
            info = zipfile.ZipInfo(member)
            info.compress_type = zip_file.compression
            with zip_file.open(info, "w", force_zip64=member.startswith("big")) as content:
                content.write(b"some bytes")
        zip_file.comment = b"a comment"
    return out.getvalue()


def write_seeds():
    for name in os.listdir(HERE):
        if name.endswith(".npy") and not name.startswith("wide"):
            seed("NpyHeaderFuzz", name.removesuffix(".npy"), open(path(name), "rb").read())
    for rank in range(7):
        dims = [2, 1, 3, 1, 2, 2][:rank]
        fields = [int(np.prod(dims)).to_bytes(8, "little")] + [dim.to_bytes(8, "little") for dim in dims]
        header = b"MMAP\x01" + bytes([1 + rank % 4]) + rank.to_bytes(2, "little") + b"".join(fields)
        seed("SciHeaderFuzz", f"rank{rank}", header.ljust(64, b"\0") + bytes(8 * int(np.prod(dims))))
    seed("ZipDirectoryFuzz", "empty", archive())
    seed("ZipDirectoryFuzz", "stored", archive("a.npy", "big.npy", "gr\u00fc\u00dfe.npy"))
    seed("ZipDirectoryFuzz", "deflated", archive("a.npy", "big.npy", compression=zipfile.ZIP_DEFLATED))
    stored = archive("a.npy")
    end = stored.rindex(b"PK\5\6")
    start, size = (int.from_bytes(stored[at : at + 4], "little") for at in (end + 16, end + 12))
    numbers = b"".join(n.to_bytes(8, "little") for n in (1, 1, size, start))
    end64 = b"PK\6\6" + (44).to_bytes(8, "little") + bytes(12) + numbers
    locator = b"PK\6\7" + bytes(4) + end.to_bytes(8, "little") + b"\1\0\0\0"
    seed("ZipDirectoryFuzz", "zip64", stored[:end] + end64 + locator + b"PK\5\6" + bytes(4) + b"\xff" * 12 + bytes(2))


if __name__ == "__main__":
    os.makedirs(HERE, exist_ok=True)
    write_matrix()
    write_rarities()
    write_seeds()
