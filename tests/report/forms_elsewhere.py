#!/usr/bin/env python3
"""What programs that are not ours make of the forms that every_form left: Markdown by cmark-gfm, JUnit by xmllint with the
schema of Jenkins and by junitparser.

usage: forms_elsewhere.py FOLDER SCHEMA
"""
import glob
import html.parser
import os
import shutil
import subprocess
import sys

try:
    import junitparser
except ImportError:
    junitparser = None

# The markup of a ticket is ours: these elements and no attributes. Names end in code, never in a link.
OURS = {"p", "strong", "h3", "ul", "li", "code", "pre", "details", "summary"}


class Elements(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.strange, self.open, self.crossed = [], [], 0

    def handle_starttag(self, tag, attributes):
        if tag not in OURS or attributes:
            self.strange.append(self.get_starttag_text())
        self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.crossed += 1

    def handle_comment(self, data):
        self.strange.append(data)


def check_markdown(path):
    rendered = subprocess.run(
        ["cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tasklist", path],
        capture_output=True, text=True, check=True, timeout=20).stdout
    seen = Elements()
    seen.feed(rendered)
    seen.close()
    if seen.strange:
        yield f"{path}: takes for markup {seen.strange[:3]}"
    if seen.open or seen.crossed:
        yield f"{path}: elements that don't end where they should: {seen.open}"
    if not rendered.startswith("<p><strong>"):
        yield f"{path}: the answer does not come first"


def check_schema(paths, schema):
    for start in range(0, len(paths), 100):
        done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", schema, *paths[start:start + 100]],
                              capture_output=True, text=True, timeout=100)
        if done.returncode:
            yield "\n".join(line for line in done.stderr.splitlines() if not line.endswith(" validates"))


def check_junit(path):
    """That the counts are those of the cases, by somebody else's count."""
    suites = list(junitparser.JUnitXml.fromfile(path))
    if [s.name for s in suites] != ["devices", "discovery", "connection", "registration", "provisioning"]:
        yield f"{path}: its suites are {[s.name for s in suites]}"
    for suite in suites:
        kinds = [type(result) for case in suite for result in case.result]
        counted = (len(list(suite)), kinds.count(junitparser.Failure), kinds.count(junitparser.Error), kinds.count(junitparser.Skipped))
        if counted != (suite.tests, suite.failures, suite.errors, suite.skipped):
            yield f"{path}: {suite.name} says {suite.tests, suite.failures, suite.errors, suite.skipped}, and holds {counted}"


def check_verdict(path):
    """A run that ended badly has a case that says so."""
    suites = list(junitparser.JUnitXml.fromfile(path))
    code = next(p.value for p in suites[0].properties() if p.name == "exit_code")
    if code != "0" and not sum(s.failures + s.errors for s in suites):
        yield f"{path}: exit code {code}, and nothing failed"


def main():
    folder, schema = sys.argv[1:]
    missing = [name for name in ("cmark-gfm", "xmllint") if not shutil.which(name)] + ["junitparser"] * (junitparser is None)
    if missing:
        print("not installed:", *missing)
        sys.exit(77)
    tickets, junit = (sorted(glob.glob(os.path.join(folder, "*" + ending))) for ending in (".md", ".xml"))
    if not tickets or not junit:
        print("there are no forms: run report.every_form first")
        sys.exit(77)
    problems = [p for path in tickets for p in check_markdown(path)] + list(check_schema(junit, schema))
    problems += [p for path in junit for p in (*check_junit(path), *check_verdict(path))]
    print(f"{len(tickets)} tickets by cmark-gfm, {len(junit)} JUnit reports by xmllint and junitparser")
    if problems:
        sys.exit("\n".join(problems[:20]))


if __name__ == "__main__":
    main()
