#!/usr/bin/env python3
"""Prints medians, ranges and the median ratio of paired rounds from a CSV with the columns network, round, baselines..., ours.

usage: paired.py FILE BASELINE...
"""
import csv
import statistics
import sys

rows = list(csv.DictReader(open(sys.argv[1])))
baselines = sys.argv[2:]
print(f"\n| images/s, median (range) | {' | '.join(baselines)} | ours | {' | '.join('ours / ' + b for b in baselines)} |")
print("|---" * (2 + 2 * len(baselines)) + "|")
for network in dict.fromkeys(row["network"] for row in rows):
    of_network = [row for row in rows if row["network"] == network]
    cells = []
    for column in [*baselines, "ours"]:
        values = [float(row[column]) for row in of_network]
        cells.append(f"{statistics.median(values):.0f} ({min(values):.0f} to {max(values):.0f})")
    for baseline in baselines:
        ratios = [float(row["ours"]) / float(row[baseline]) for row in of_network]
        cells.append(f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    print(f"| {network} | {' | '.join(cells)} |")
