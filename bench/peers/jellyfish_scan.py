# SPDX-License-Identifier: Apache-2.0
"""Jaro-Winkler of a query with every name, the ten best: microseconds a query.  jellyfish_scan.py FOLDER"""
import heapq
import importlib.metadata
import sys
import time

import jellyfish

names = open(sys.argv[1] + "/names.txt", encoding="utf-8").read().splitlines()
queries = open(sys.argv[1] + "/queries.txt", encoding="utf-8").read().splitlines()[:20]
similarity = getattr(jellyfish, "jaro_winkler_similarity", None) or jellyfish.jaro_winkler
samples = []
for query in queries:
    begin = time.perf_counter()
    heapq.nlargest(10, ((similarity(query, name), name) for name in names))
    samples.append((time.perf_counter() - begin) * 1e6)
samples.sort()
version = importlib.metadata.version("jellyfish")
print(f"jellyfish\t{version}\t{samples[len(samples) // 2]:.0f}\t{samples[-1]:.0f}")
