#!/usr/bin/python3
"""Checks reports against the published schema, and what a schema cannot say: validate.py SCHEMA REPORT..."""

import json
import sys

import jsonschema


def broken_links(report):
    """Relations between members, which JSON Schema has no words for."""
    spans = [span["span_id"] for span in report["trace"]]
    known = set(spans)
    if len(known) != len(spans):
        yield "trace: a span id is there twice"
    for at, span in enumerate(report["trace"]):
        if span["parent_span_id"] is not None and span["parent_span_id"] not in known:
            yield f"/trace/{at}/parent_span_id: there is no such span"
        if not span["node"].startswith(STAGES[span["stage"] - 1] + "."):
            yield f"/trace/{at}/node: {span['node']} is not in stage {span['stage']}"
    for at, finding in enumerate(report["findings"]):
        for span in finding["evidence"]:
            if span not in known:
                yield f"/findings/{at}/evidence: {span} is not in the trace"
    causes = {(cause["id"], cause["subject"]) for cause in report["result"]["root_causes"]}
    for cause in causes - {(finding["id"], finding["subject"]) for finding in report["findings"]}:
        yield f"/result/root_causes: {cause[0]} is not among the findings"
    for at, stage in enumerate(report["stages"]):
        if (stage["stage"], stage["id"]) != (at + 1, STAGES[at]):
            yield f"/stages/{at}: out of order"
    result = report["result"]
    stop = result["stopped_at"]
    if stop is not None and result["exit_code"] not in (10 * (STAGES.index(stop.split(".")[0]) + 1), 130):
        yield f"/result/exit_code: {result['exit_code']} does not belong to {stop}"


STAGES = ["devices", "discovery", "connection", "registration", "provisioning"]


def main(schema_file, *report_files):
    with open(schema_file, encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    bad = 0
    for name in report_files:
        with open(name, encoding="utf-8") as file:
            report = json.load(file)
        errors = ["/" + "/".join(map(str, e.absolute_path)) + ": " + e.message[:300] for e in validator(schema).iter_errors(report)]
        errors = errors or list(broken_links(report))
        bad += bool(errors)
        print(f"{name}: {'valid' if not errors else 'NOT valid'}")
        for error in errors[:20]:
            print(f"  {error}")
    return 1 if bad or not report_files else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
