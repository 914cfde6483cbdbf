#!/usr/bin/env python3
"""Prints what whole runs took beside dense ones, and what x + (1 - x) / s says: x the dense fraction of the epochs, s the measured speed-up.

usage: whole_run.py FOLDER     with NAME-dense-SEED/report.json and NAME-pruned-SEED/report.json

The speed-up is that of the run itself: median images/s of its compact epochs over that of the dense run's epochs. Times are those of the
training loop, the cut included, and beside it of Fit as a whole.
"""
import json
import pathlib
import statistics
import sys

folder = pathlib.Path(sys.argv[1])
reports = {path.parent.name: json.loads(path.read_text()) for path in sorted(folder.glob("*/report.json"))}


def loop_seconds(report):
    seconds = report["seconds"]
    return seconds["dense"] + seconds["pruning"] + seconds["compact"]


print("| run | cut after, of the run | compact / dense images/s | training time / dense | x + (1 - x) / s | off by | Fit / dense | accuracy, dense |")
print("|---|---|---|---|---|---|---|---|")
for name, report in reports.items():
    pair, what, seed = name.rsplit("-", 2)
    dense = reports.get(f"{pair}-dense-{seed}")
    if what == "dense" or dense is None or report["pruneEpoch"] is None:
        continue
    epochs = len(report["epochs"])
    cut = max(o["at"] for o in report["observations"])
    compact = [e["imagesPerSecond"] for e in report["epochs"] if e["phase"] == "compact"]
    if not compact:
        continue
    speed_up = statistics.median(compact) / statistics.median(e["imagesPerSecond"] for e in dense["epochs"])
    fraction = cut / epochs
    expected = fraction + (1 - fraction) / speed_up
    measured = loop_seconds(report) / loop_seconds(dense)
    accuracy = [r["test"]["accuracy"] if r["test"] else r["epochs"][-1]["accuracy"] for r in (report, dense)]
    print(f"| {pair} {seed} | {fraction:.2f} | {speed_up:.2f} | {measured:.2f} | {expected:.2f} | {measured / expected - 1:+.1%} |"
          f" {report['seconds']['total'] / dense['seconds']['total']:.2f} | {accuracy[0]:.1%}, {accuracy[1]:.1%} |")
