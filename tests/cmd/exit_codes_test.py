#!/usr/bin/env python3
"""One exit code for every form, and one text, whether `diagnose` writes it or `render` makes it of the JSON: of runs that signed in, with and without something to complain of, that stopped, that were
interrupted and that could not be written; of `render`, and of `compare`.

usage: exit_codes_test.py UCSIGNIN SCENARIOS
"""
import json
import os
import signal
import subprocess
import sys
import tempfile

PROGRAM, SCENARIOS = sys.argv[1:]
FORMS = ["text", "json", "markdown", "junit", "html"]
USER = "alice@contoso.example"


def run(*words, text=None):
    done = subprocess.run([PROGRAM, *words], input=text, capture_output=True, text=True, timeout=200)
    assert "Sanitizer" not in done.stderr, done.stderr
    return done


def expect(code, *words, says=None):
    done = run(*words)
    assert done.returncode == code, f"{words}: {done.returncode}, not {code}\n{done.stderr}"
    assert says is None or says in done.stderr + done.stdout, f"{words}: no {says!r} in {done.stderr}{done.stdout}"
    return done


def check_rendered(paths, *options):
    for form, path in paths.items():
        with open(path, encoding="utf-8", newline="") as file:
            written = file.read()
        rendered = subprocess.run([PROGRAM, "render", "--format", form, *options, paths["json"]], capture_output=True, timeout=200).stdout.decode()
        assert written == rendered, f"{path}: not what is rendered from the JSON"


def diagnose(folder, name, scenario, *options):
    """One run that writes all its forms; returns its exit code and the JSON report's path."""
    paths = {form: os.path.join(folder, f"{name}.{form}") for form in FORMS if form != "text"}
    files = [word for form, path in paths.items() for word in ("--" + form, path)]
    done = run("diagnose", USER, "--lab", "--scenario", os.path.join(SCENARIOS, scenario + ".json"), "-q", *files, *options)
    for form, path in paths.items():
        assert os.path.getsize(path), f"{name}: {form} was not written"
    check_rendered(paths, *options)
    return done.returncode, paths["json"]


def check_every_form(code, path, *options):
    for form in FORMS:
        expect(code, "render", "--format", form, *options, path)


def check_runs(folder):
    code, healthy = diagnose(folder, "healthy", "healthy")
    assert code == 0, code
    code, noticed = diagnose(folder, "noticed", "dns-stale-a", "--fail-on", "warning")
    assert code == 2, code
    code, stopped = diagnose(folder, "stopped", "tls-expired", "--fail-on", "warning")
    assert code == 30, code
    with open(noticed, encoding="utf-8") as file:
        found = [f for f in json.load(file)["findings"] if f["severity"] == "warning"]
    all_of_them = [word for f in found for word in ("--ignore", f["id"])]
    for expected, path, options in [
            (0, healthy, ()), (0, healthy, ("--fail-on", "warning")), (2, noticed, ()), (2, noticed, ("--fail-on", "warning")),
            (0, noticed, ("--fail-on", "failure")), (0, noticed, all_of_them), (30, stopped, ()),
            (30, stopped, ("--ignore", "tls-expired"))]:
        check_every_form(expected, path, *options)
    first = found[0]
    expect(0 if len(found) == 1 else 2, "render", noticed, "--ignore", f"{first['id']}@{first['subject']}", says="ignored")
    expect(2, "render", noticed, "--ignore", f"{first['id']}@somewhere.else", says="--fail-on")
    return healthy, stopped


def check_interrupted(folder):
    """Ctrl-C before there is a result: every form is written all the same."""
    paths = {form: os.path.join(folder, f"interrupted.{form}") for form in FORMS[1:]}
    words = [word for form, path in paths.items() for word in ("--" + form, path)]
    # Of progress the first line shows that the run is under way.
    with subprocess.Popen([PROGRAM, "diagnose", USER, "--lab", "--timeout", "60", *words, "--scenario",
                           os.path.join(SCENARIOS, "dns-timeout.json")], stdout=subprocess.PIPE, text=True) as started:
        started.stdout.readline()
        started.send_signal(signal.SIGINT)
        started.stdout.read()
        code = started.wait(60)
    assert code == 130, code
    check_every_form(130, paths["json"])
    with open(paths["junit"], encoding="utf-8") as file:
        assert 'type="exit code 130"' in file.read()
    check_rendered(paths)


def check_writing(folder, report):
    kept = os.path.join(folder, "kept.json")
    expect(74, "diagnose", USER, "--lab", "--until", "devices", "-q", "--json", kept, "--junit", "/nowhere/at/all.xml", says="/nowhere/at/all.xml")
    assert os.path.getsize(kept), "one that can't be written takes the others with it"
    expect(64, "diagnose", USER, "--lab", "--json", "-", "--junit", "-", says="one place cannot take two reports")
    expect(64, "diagnose", USER, "--lab", "--json", kept, "--markdown", kept, says="one place cannot take two reports")
    expect(64, "diagnose", USER, "--lab", "--ignore", "tls-expird", says="Did you mean tls-expired?")
    expect(64, "render", report, "--ignore", "tls-expird@a", says="Did you mean tls-expired?")
    expect(64, "render", report, "--fail-on", "info")
    expect(64, "render", report, "--format", "pdf")


def check_compare(folder, healthy, stopped):
    _, again = diagnose(folder, "again", "healthy")
    same = json.loads(run("compare", healthy, again, "--format", "json").stdout)
    assert not (same["verdict"] or same["settings"] or same["steps"]), same   # a busy machine may be slow
    expect(0, "compare", healthy, healthy, says="the same way")
    expect(1, "compare", healthy, stopped, says="First difference, the likely reason of the others:\n  - Server certificate (")
    expect(1, "compare", stopped, healthy, "--format", "json", says='"same": false')
    masked = os.path.join(folder, "masked.json")
    expect(0, "mask", stopped, "-o", masked)
    expect(0, "compare", masked, stopped)
    no_report = os.path.join(folder, "none.json")
    with open(no_report, "w", encoding="utf-8") as file:
        file.write("{}")
    expect(65, "compare", healthy, no_report, says="is not a report")
    expect(65, "compare", os.path.join(folder, "missing.json"), healthy)
    expect(64, "compare", "-", "-")
    expect(64, "compare", healthy)


def main():
    with tempfile.TemporaryDirectory() as folder:
        healthy, stopped = check_runs(folder)
        check_interrupted(folder)
        check_writing(folder, stopped)
        check_compare(folder, healthy, stopped)


if __name__ == "__main__":
    main()
