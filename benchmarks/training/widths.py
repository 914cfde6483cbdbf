"""The table of docs/results/widths.md from widths.csv: for each network and step, the median over draws of dense time / time."""
import csv, statistics, sys

rows = list(csv.DictReader(open(sys.argv[1] if len(sys.argv) > 1 else "docs/results/data/widths.csv")))
for column in ("training_ms", "scoring_ms", "onnx_runtime_ms"):
    print(f"\n{column}: dense / pruned, median of the draws (least to most)")
    for network in dict.fromkeys(r["network"] for r in rows):
        dense = {r["seed"]: float(r[column]) for r in rows if r["network"] == network and r["step"] == "dense"}
        cells = []
        for step in ("1", "2", "4", "8", "16"):
            ratios = [dense[r["seed"]] / float(r[column]) for r in rows if r["network"] == network and r["step"] == step]
            cells.append(f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
        print(f"| {network} | " + " | ".join(cells) + " |")
