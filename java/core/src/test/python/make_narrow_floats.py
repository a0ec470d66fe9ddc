"""Writes narrow_floats.txt: what ml_dtypes makes of floats, and of every code of eight bits.

Lines: "decode TYPE CODE BITS" (the float's bits) and "encode TYPE BITS CODE", all numbers in hexadecimal.
Run with a Python that has ml_dtypes and NumPy: python3 make_narrow_floats.py > ../resources/golden/narrow_floats.txt
"""
import ml_dtypes
import numpy

TYPES = {"float8_e4m3fn": (ml_dtypes.float8_e4m3fn, numpy.uint8),
         "float8_e5m2": (ml_dtypes.float8_e5m2, numpy.uint8),
         "bfloat16": (ml_dtypes.bfloat16, numpy.uint16)}

random = numpy.random.default_rng(1)
for name, (dtype, bits) in TYPES.items():
    codes = numpy.arange(256).astype(bits) if bits is numpy.uint8 else random.integers(0, 65536, 300).astype(bits)
    values = codes.view(dtype).astype(numpy.float32)
    for code, value in zip(codes, values):
        print(f"decode {name} {code:x} {value.view(numpy.uint32):x}")
    finite = numpy.unique(values[numpy.isfinite(values)])
    middles = ((finite[:-1].astype(numpy.float64) + finite[1:]) / 2).astype(numpy.float32)
    some = numpy.concatenate([middles[:: max(1, len(middles) // 300)],
                              numpy.nextafter(middles, numpy.float32(1e30))[::3],
                              (random.standard_normal(200) * 10.0 ** random.integers(-8, 5, 200)).astype(numpy.float32)])
    for value in some:
        print(f"encode {name} {value.view(numpy.uint32):x} {value.astype(dtype).view(bits):x}")
