#!/usr/bin/env python3
"""The README's table lays the published chart beside this program's nodes: every node once, in the chart's order, and none
that isn't there.

usage: readme_chart.py UCSIGNIN README
"""
import json
import re
import subprocess
import sys

HEADING = "### The published chart beside this program"
CELLS = 4
NODE = re.compile(r"`([a-z_0-9.]+)`( \+)?")


def section(readme):
    lines = iter(readme.splitlines())
    for line in lines:
        if line == HEADING:
            break
    for line in lines:
        if line.startswith("#"):
            return
        yield line


def rows(lines):
    """Cells of each row, without the head and the line below it."""
    table = [line for line in lines if line.startswith("|")]
    for line in table[2:]:
        yield [cell.strip() for cell in line.strip().strip("|").split("|")]


def nodes_in(cell):
    """(id, whether it is marked as ours): a name without a dot is in the group of the one before it."""
    group = ""
    for name, mark in NODE.findall(cell):
        if "." in name:
            group = name[: name.rindex(".") + 1]
            yield name, bool(mark)
        else:
            yield group + name, bool(mark)


def problems_of(chart, readme):
    lines = list(section(readme))
    if f"{len(chart)} nodes" not in " ".join(lines):
        yield f"the text does not say that there are {len(chart)} nodes"
    named = []
    for cells in rows(lines):
        if len(cells) != CELLS or not all(cells):
            yield f"not {CELLS} cells with something in them: {cells}"
            continue
        found = list(nodes_in(cells[1]))
        rest = NODE.sub("", cells[1]).replace(",", "").strip()
        if not found or rest:
            yield f"the second cell names more than nodes, or none: {cells[1]}"
        named += found
    ours = {node["id"]: node["ours"] for node in chart}
    for name, marked in named:
        if name not in ours:
            yield f"{name} is no node of the chart"
        elif ours[name] != marked:
            yield f"{name} is {'' if ours[name] else 'not '}ours in addition, and the table says otherwise"
        if sum(name == other for other, _ in named) > 1:
            yield f"{name} stands there more than once"
    for name in ours.keys() - {name for name, _ in named}:
        yield f"{name} is in no row"
    if [name for name, _ in named] != list(ours):
        yield "the rows aren't in the order of the chart"


def main():
    program, path = sys.argv[1:]
    told = subprocess.run([program, "chart", "--format", "json"], check=True, capture_output=True, text=True).stdout
    with open(path, encoding="utf-8") as f:
        readme = f.read()
    chart = json.loads(told)["nodes"]
    problems = list(dict.fromkeys(problems_of(chart, readme)))
    print("\n".join(problems) or f"{len(chart)} nodes, each in its row")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
