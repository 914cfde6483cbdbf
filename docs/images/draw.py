"""Draws the charts of docs/how-it-works.md from a committed result: python3 docs/images/draw.py"""
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


timeline()
epi()
