#!/usr/bin/env python3
"""Prints docs/results/data/onnx-import.csv as the table of onnx-import.md.

A row for each network: the smallest difference between the outputs of two images, and the largest of each other
difference over its files.

usage: table.py < docs/results/data/onnx-import.csv
"""
import csv
import sys

COLUMNS = 11
networks = {}
for row in list(csv.reader(sys.stdin))[1:]:
    networks.setdefault(row[0].split(".")[0], []).append(row)

print("| network | files | two images | import | export | removed | pruned 30% | removed | pruned 50% |")
print("|---|---|---|---|---|---|---|---|---|")
for name, rows in networks.items():
    failures = [row[3] for row in rows if len(row) < COLUMNS]
    if failures:
        print(f"| {name} | {len(rows) if '.' in rows[0][0] else 0} | {failures[0]} | | | | | | |")
        continue
    images = min((row[4] for row in rows), key=float)
    largest = [max((row[i] for row in rows), key=float) for i in (5, 6, 8, 10)]
    removed = [f"{100 * float(rows[0][i]):.1f}%" for i in (7, 9)]
    print(
        f"| {name} | {len(rows)} | {images} | {largest[0]} | {largest[1]} | {removed[0]} | {largest[2]} | "
        f"{removed[1]} | {largest[3]} |")
