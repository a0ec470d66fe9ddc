"""What ArrayBenchmark measures along axes, by NumPy: array_sums.py [ROWS COLUMNS]; milliseconds, the best of seven."""

import os
import sys
import tempfile
import time

import numpy

rows, columns = (int(text) for text in sys.argv[1:3] or ("20000", "5000"))
with tempfile.TemporaryDirectory() as folder:
    arrays = {}
    for order in "CF":
        path = os.path.join(folder, order + ".npy")
        made = numpy.lib.format.open_memmap(path, "w+", "f8", (rows, columns), order == "F")
        made[...] = 1.25
        arrays[order] = numpy.load(path, mmap_mode="r")
    views = {"": arrays["C"], "Fortran": arrays["F"], "Strided": arrays["C"][::2, ::2]}
    for name, view in views.items():
        for axis, word in enumerate(("Columns", "Rows")):
            best = float("inf")
            for _ in range(7):
                start = time.perf_counter()
                view.sum(axis=axis)
                best = min(best, time.perf_counter() - start)
            print(f"sumsOf{name}{word} {best * 1000:.2f}")
