"""What ArrayBenchmark measures of sums, by NumPy: array_sums.py [ROWS COLUMNS]; milliseconds: median, best and worst of seven."""

import os
import statistics
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
        for axis, word in (None, f"sumOf{name or 'Array'}"), (0, f"sumsOf{name}Columns"), (1, f"sumsOf{name}Rows"):
            times = []
            for _ in range(7):
                start = time.perf_counter()
                view.sum(axis=axis)
                times.append((time.perf_counter() - start) * 1000)
            print(f"{word} {statistics.median(times):.1f} {min(times):.1f} {max(times):.1f}")
