"""Runs each line that it reads and answers with a line: what NumPy takes for one is measured by who asks."""

import sys

import numpy

names = {"numpy": numpy}
for line in sys.stdin:
    exec(line, names)
    print(flush=True)
