"""What ReductionBenchmark measures, by NumPy: reductions.py [MEBIBYTES]; milliseconds, the median of seven."""

import os
import statistics
import sys
import tempfile
import time

import numpy

count = int(sys.argv[1] if len(sys.argv) > 1 else "1024") << 17
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "values.bin")
    made = numpy.memmap(path, "f8", "w+", shape=(count,))
    step = 1 << 20
    for start in range(0, count, step):
        place = numpy.arange(start, min(start + step, count), dtype=numpy.uint64)
        made[start : start + step] = (place * 2654435761 & 0xFFFFFFFF) % 1000003 / 1000
    values = numpy.memmap(path, "f8", "r", shape=(count,))
    for name in ("sum", "mean", "std", "min", "max"):
        times = []
        for _ in range(8):
            begin = time.perf_counter()
            getattr(values, name)()
            times.append((time.perf_counter() - begin) * 1000)
        print(f"{name} {statistics.median(times[1:]):.1f}")
