"""Draws the charts of docs/how-it-works.md and docs/results from committed results: python3 docs/images/draw.py"""
import csv
import json
from pathlib import Path

here = Path(__file__).parent
run = json.loads((here / "../results/data/quickstart-seed-1.json").read_text())
W, H, LEFT, RIGHT, TOP, BOTTOM = 720, 260, 56, 700, 30, 220
STYLE = """<style>
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .axis { stroke: #57606a; fill: none } .curve { stroke: #0969da; stroke-width: 2; fill: none }
  .line { stroke: #bc4c00; stroke-dasharray: 5 4 } .dense { fill: #8c959f } .compact { fill: #0969da }
  @media (prefers-color-scheme: dark) { text { fill: #c9d1d9 } .axis { stroke: #8b949e } .curve { stroke: #58a6ff } .compact { fill: #58a6ff } .dense { fill: #6e7681 } .line { stroke: #f0883e } }
</style>"""


def page(name, title, body):
    (here / name).write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {W} {H}" role="img" aria-label="{title}">\n'
                             f"<title>{title}</title>\n{STYLE}\n" + "\n".join(body) + "\n</svg>\n")


def x(epoch, last):
    return LEFT + (RIGHT - LEFT) * epoch / last


def scale(low, high):
    return lambda value: BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low)


def timeline():
    epochs, y = run["epochs"], scale(0, 2200)
    cut, n = run["pruneEpoch"], len(run["epochs"])
    body = [f'<rect class="{"dense" if e["phase"] == "dense" else "compact"}" x="{x(e["epoch"], n) + 3:.1f}" y="{y(e["imagesPerSecond"]):.1f}" '
            f'width="{(RIGHT - LEFT) / n - 6:.1f}" height="{BOTTOM - y(e["imagesPerSecond"]):.1f}"/>' for e in epochs]
    body += [f'<text x="{x(e["epoch"] + .5, n):.1f}" y="{BOTTOM + 16}" text-anchor="middle">{e["epoch"]}</text>' for e in epochs]
    body += [f'<line class="line" x1="{x(cut, n):.1f}" x2="{x(cut, n):.1f}" y1="{TOP - 16}" y2="{BOTTOM}"/>',
             f'<text x="{x(cut / 2, n):.1f}" y="{TOP - 8}" text-anchor="middle">dense, observed</text>',
             f'<text x="{x(cut, n) + 8:.1f}" y="{TOP - 8}">half of the channels pruned, compact</text>',
             f'<text x="{(LEFT + RIGHT) / 2}" y="{H - 6}" text-anchor="middle">epoch</text>']
    body += [f'<text x="{LEFT - 6}" y="{y(v) + 4:.1f}" text-anchor="end">{v:,}</text>' for v in (0, 1000, 2000)]
    body += [f'<text x="4" y="{TOP - 8}">images/s</text>', f'<path class="axis" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>']
    speed = [sorted(e["imagesPerSecond"] for e in epochs if e["phase"] == phase) for phase in ("dense", "compact")]
    before, after = (s[len(s) // 2] for s in speed)
    page("timeline.svg", f"Training speed of every epoch: {before:,.0f} images/s in the median before epoch {cut}, {after:,.0f} after pruning", body)


def epi():
    seen = [o for o in run["observations"] if o["epi"] is not None]
    low, high = min(o["epi"] for o in seen) - 0.02, 1
    y, last = scale(low, high), seen[-1]["at"] * 1.08
    taus = [o for o in seen if o["tau"] is not None]
    points = " ".join(f'{x(o["at"], last):.1f},{y(o["epi"]):.1f}' for o in seen)
    threshold = " ".join(f'{x(o["at"], last):.1f},{y(o["tau"]):.1f}' for o in taus)
    end = seen[-1]
    body = [f'<polyline class="curve" points="{points}"/>',
            *(f'<circle class="compact" cx="{x(o["at"], last):.1f}" cy="{y(o["epi"]):.1f}" r="3"/>' for o in seen),
            f'<polyline class="line" fill="none" points="{threshold}"/>',
            f'<text x="{x(taus[0]["at"], last) - 8:.1f}" y="{y(taus[0]["tau"]) + 10:.1f}" text-anchor="end">tau, at last {taus[-1]["tau"]:.3f}</text>',
            f'<circle class="curve" cx="{x(end["at"], last):.1f}" cy="{y(end["epi"]):.1f}" r="8"/>',
            f'<text x="{x(end["at"], last) - 14:.1f}" y="{y(end["epi"]) - 14:.1f}" text-anchor="end">at least tau, not below the last five: prune</text>']
    body += [f'<text x="{LEFT - 6}" y="{y(v) + 4:.1f}" text-anchor="end">{v:.2f}</text>' for v in (0.92, 0.94, 0.96, 0.98, 1) if low < v <= high]
    body += [f'<text x="{x(e, last):.1f}" y="{BOTTOM + 16}" text-anchor="middle">{e}</text>' for e in range(int(last) + 1)]
    body += [f'<text x="4" y="{TOP - 12}">indicator</text>', f'<text x="{(LEFT + RIGHT) / 2}" y="{H - 6}" text-anchor="middle">epochs trained</text>',
             f'<path class="axis" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>']
    page("epi.svg", f"The Early Pruning Indicator of one run and its threshold; pruned at epoch {run['pruneEpoch']}", body)


def compare():
    cells = json.loads((here / "../results/data/compare/12-epochs.json").read_text())["cells"]
    names = {"dense": "dense", "uniform widths from scratch, equal seconds": "uniform widths from scratch",
             "its widths from scratch, equal seconds": "indicator's widths from scratch", "early-bird": "Early-Bird",
             "random channels, equal macs": "random channels, same epoch", "indicator": "Early Pruning Indicator",
             "at initialization, snip": "at initialization, SNIP", "at initialization, random": "at initialization, random",
             "at initialization, grasp": "at initialization, GraSP", "at initialization, synflow": "at initialization, SynFlow",
             "after training, clr": "after training, CLR", "after training, ft": "after training, FT"}
    tests = {n: [100 * c["result"]["test"] for c in cells if c["factors"]["method"] == n] for n in names}
    left, step, low, high = 230, 17, 75, 85
    at = lambda accuracy: left + (RIGHT - left) * (accuracy - low) / (high - low)
    body = [f'<line class="axis" opacity=".25" x1="{at(v):.1f}" x2="{at(v):.1f}" y1="20" y2="{BOTTOM + 8}"/>'
            f'<text x="{at(v):.1f}" y="{BOTTOM + 24}" text-anchor="middle">{v}</text>' for v in range(low, high + 1, 2)]
    for i, (method, name) in enumerate(sorted(names.items(), key=lambda n: -sum(tests[n[0]]) / len(tests[n[0]]))):
        y, values = 30 + i * step, tests[method]
        kind, mean = "compact" if method == "indicator" else "dense", sum(values) / len(values)
        body += [f'<text x="{left - 10}" y="{y + 4}" text-anchor="end">{name}</text>',
                 f'<line class="axis" x1="{at(mean):.1f}" x2="{at(mean):.1f}" y1="{y - 6}" y2="{y + 6}"/>',
                 *(f'<circle class="{kind}" cx="{at(v):.1f}" cy="{y}" r="4"/>' for v in values)]
    body.append(f'<text x="{(left + RIGHT) / 2}" y="{H - 5}" text-anchor="middle">test accuracy, %; a line is the mean</text>')
    page("compare.svg", "Test accuracy of ResNet-20 on CIFAR-10 after 12 epochs, by method", body)


def oracle(name, data, low, high, note, title):
    rows = list(csv.DictReader((here / f"../results/data/{data}.csv").open()))
    tests = lambda policy: [(float(r["prune_epoch"] or 0), 100 * float(r["test_accuracy"])) for r in rows if r["policy"] == policy]
    mean = lambda values: sum(v for _, v in values) / len(values)
    fixed = {e: tests(f"epoch:{e}") for e in range(13)}
    fixed = {e: values for e, values in fixed.items() if values}
    y, last, dense = scale(low, high), 12, mean(tests("never"))
    line = " ".join(f"{x(e, last):.1f},{y(mean(values)):.1f}" for e, values in fixed.items())
    body = [f'<polyline class="curve" points="{line}"/>',
            *(f'<circle class="dense" cx="{x(e, last):.1f}" cy="{y(v):.1f}" r="4"/>' for e, values in fixed.items() for _, v in values),
            *(f'<circle class="compact" cx="{x(at, last):.1f}" cy="{y(v):.1f}" r="5"/>' for at, v in tests("epi")),
            f'<line class="line" x1="{LEFT}" x2="{RIGHT}" y1="{y(dense):.1f}" y2="{y(dense):.1f}"/>',
            f'<text x="{LEFT + 8}" y="{y(dense) - 6:.1f}">never pruned</text>',
            f'<text x="{LEFT + 8}" y="{y(note):.1f}">blue: the indicator; gray: fixed epochs, their means as a line</text>']
    step = max(1, (high - low) // 4)
    body += [f'<text x="{LEFT - 6}" y="{y(v) + 4:.1f}" text-anchor="end">{v}</text>' for v in range(low, high + 1, step)]
    body += [f'<text x="{x(e, last):.1f}" y="{BOTTOM + 16}" text-anchor="middle">{e}</text>' for e in range(last + 1)]
    body += [f'<text x="4" y="{TOP - 12}">test accuracy, %</text>',
             f'<text x="{(LEFT + RIGHT) / 2}" y="{H - 6}" text-anchor="middle">dense epochs before pruning, of 12</text>',
             f'<path class="axis" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>']
    page(f"{name}.svg", f"Test accuracy of {title} by the epoch of pruning", body)


def retraining():
    rows = list(csv.DictReader((here / "../results/data/retraining.csv").open()))
    names = {("none", "none", "dense"): "dense, before pruning", ("none", "clr", "dense"): "dense trained on, CLR",
             ("none", "ft", "dense"): "dense trained on, FT"}
    for plan in ("R56-A", "R56-B"):
        names |= {(plan, criterion, schedule): f"{plan}: {label}, {schedule.upper()}"
                  for criterion, label in (("l1", "L1"), ("random", "random")) for schedule in ("clr", "ft")}
        names[(plan, "none", "scratch")] = f"{plan}: its shape from scratch"
    tests = {n: [100 * float(r["test_accuracy"]) for r in rows if (r["plan"], r["criterion"], r["schedule"]) == n] for n in names}
    tests = {n: values for n, values in tests.items() if values}
    left, step, low, high = 230, 17, 80, 84
    at = lambda accuracy: left + (RIGHT - left) * (accuracy - low) / (high - low)
    body = [f'<line class="axis" opacity=".25" x1="{at(v):.1f}" x2="{at(v):.1f}" y1="20" y2="{BOTTOM + 8}"/>'
            f'<text x="{at(v):.1f}" y="{BOTTOM + 20}" text-anchor="middle">{v}</text>' for v in range(low, high + 1)]
    for i, (n, values) in enumerate(sorted(tests.items(), key=lambda t: -sum(t[1]) / len(t[1]))):
        y, kind, mean = 28 + i * step, "compact" if "clr" in n else "dense", sum(values) / len(values)
        body += [f'<text x="{left - 10}" y="{y + 4}" text-anchor="end">{names[n]}</text>',
                 f'<line class="axis" x1="{at(mean):.1f}" x2="{at(mean):.1f}" y1="{y - 8}" y2="{y + 8}"/>',
                 *(f'<circle class="{kind}" cx="{at(v):.1f}" cy="{y}" r="4"/>' for v in values)]
    body.append(f'<text x="{(left + RIGHT) / 2}" y="{H - 5}" text-anchor="middle">test accuracy, %; a line is the mean; blue: CLR</text>')
    page("retraining.svg", "Test accuracy of ResNet-20 on CIFAR-10, pruned after training and retrained", body)


timeline()
epi()
compare()
oracle("oracle", "oracle", 76, 85, 77, "ResNet-20 on CIFAR-10")
oracle("oracle-fashion", "oracle-fashion", 90, 93, 90.3, "VGG-11 on Fashion-MNIST")
retraining()
