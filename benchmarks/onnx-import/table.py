#!/usr/bin/env python3
"""Prints docs/results/import.csv as the table of import.md: a row for each network, the largest difference over its files.

usage: table.py < docs/results/import.csv
"""
import csv
import sys

networks = {}
for row in list(csv.reader(sys.stdin))[1:]:
    networks.setdefault(row[0].split(".")[0], []).append(row)

print("| network | files | import | export | removed | pruned 30% | removed | pruned 50% |")
print("|---|---|---|---|---|---|---|---|")
for name, rows in networks.items():
    failures = [row[3] for row in rows if len(row) < 9]
    if failures:
        print(f"| {name} | {len(rows) if '.' in rows[0][0] else 0} | {failures[0]} | | | | | |")
        continue
    largest = [max((row[i] for row in rows), key=float) for i in (3, 4, 6, 8)]
    removed = [f"{100 * float(rows[0][i]):.1f}%" for i in (5, 7)]
    print(f"| {name} | {len(rows)} | {largest[0]} | {largest[1]} | {removed[0]} | {largest[2]} | {removed[1]} | {largest[3]} |")
