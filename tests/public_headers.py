#!/usr/bin/env python3
"""Who may include what: public headers stand alone, cmd/ knows no others, the arrows between modules are those of the
table in lib/README.md and run in no circle, a stage of the sign-in knows those before it, and headers of one operating
system are included in folders named for it.

public_headers.py SOURCE_DIR COMPILER [FLAG...]
"""
import concurrent.futures
import pathlib
import re
import subprocess
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)

# Public headers that are not named for the module whose they are.
MODULE_OF_HEADER = {"address": "net", "chart": "trace", "chart_nodes": "trace", "chart_parts": "trace", "compare": "report", "error": "net",
                    "events": "report", "evidence": "trace", "explain": "report", "files": "host", "secret": "auth", "terminal": "host", "watch": "signin"}
STAGES = ["base", "devices", "discovery", "connection", "registration", "provisioning"]
GENERATED = {"words.inc", "build_facts.hpp"}

SYSTEMS = {"linux"}   # folders
OF_A_SYSTEM = re.compile(
    r"^((sys|net|netinet|netpacket|arpa|linux|asm|bits|netlink|alsa|pulse)/.*|windows\.h|winsock2\.h|"
    r"(unistd|fcntl|termios|signal|pthread|poll|netdb|dlfcn|pwd|grp|spawn|ifaddrs|sched|syslog|semaphore|dirent|utime|"
    r"resolv|glob|wordexp|libgen)\.h)$")
ALLOWED = {}   # file: why it may all the same
WRAPPERS = {"boost/beast": "lib/net/http.cpp", "libxml/": "lib/sip/xml.cpp"}   # libraries that one file knows


def sources(root, folder):
    return sorted(path for path in (root / folder).rglob("*") if path.suffix in (".cpp", ".hpp"))


def includes(path):
    return [(found[1] == "<", found[2]) for found in INCLUDE.finditer(path.read_text())]


def is_of_lib(name):
    return "/" in name and not name.startswith("ucsignin/")


def check_include(root):
    for path in sources(root, "include"):
        for system, name in includes(path):
            if not system and not (name.startswith("ucsignin/") and (root / "include" / name).is_file()):
                yield f'{path.relative_to(root)}: "{name}" is no public header'


def check_cmd(root):
    for path in sources(root, "cmd"):
        for system, name in includes(path):
            own = name in GENERATED or ("/" not in name and (root / "cmd/ucsignin" / name).is_file())
            if not system and not own and not (root / "include" / name).is_file():
                yield f'{path.relative_to(root)}: "{name}" is neither public nor the program\'s own'


def table(root):
    """{module: modules that it may include}, by the last column of the table in lib/README.md."""
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\|[^|]*\|([^|]*)\|$", (root / "lib/README.md").read_text(), re.M)
    return {module: set(re.findall(r"\w+", may)) for module, may in rows}


def check_table(root, arrows):
    folders = {path.name for path in (root / "lib").iterdir() if path.is_dir()}
    if set(arrows) != folders:
        yield f"lib/README.md: its table names {sorted(arrows)}, the folders are {sorted(folders)}"
    left = dict(arrows)
    while any(not (left[module] & set(left)) for module in left):
        left = {module: may for module, may in left.items() if may & set(left)}
    if left:
        yield f"lib/README.md: the arrows of {sorted(left)} run in a circle"


def module_of(name):
    """Of an include."""
    if not name.startswith("ucsignin/"):
        return name.split("/")[0]
    stem = pathlib.Path(name).stem
    return MODULE_OF_HEADER.get(stem, stem)


def check_arrows(root, arrows):
    files = [(path, path.relative_to(root / "lib").parts[0]) for path in sources(root, "lib")]
    files += [(path, module_of("ucsignin/" + path.name)) for path in sources(root, "include")]
    for path, module in files:
        for system, name in includes(path):
            if system or name in GENERATED or (path.parent / name).is_file():
                continue
            target = module_of(name)
            if "/" not in name:
                if not any((path.parent / system_folder / name).is_file() for system_folder in SYSTEMS):
                    yield f'{path.relative_to(root)}: "{name}" is found by chance'
            elif target != module and target not in arrows.get(module, set()):
                yield f'{path.relative_to(root)}: "{name}": {module} may include {sorted(arrows.get(module, set()))}'


def check_stages(root):
    for path in sources(root, "lib/signin"):
        folder = path.parent.name
        if folder not in STAGES:
            if folder != "signin":
                yield f"{path.relative_to(root)}: {folder} is no stage"
            continue
        before = STAGES[:STAGES.index(folder) + 1]
        for system, name in includes(path):
            if not system and name.startswith("signin/") and name.split("/")[1] not in before:
                yield f'{path.relative_to(root)}: "{name}": {folder} may include {before}'


def check_systems(root):
    for folder in ("lib", "cmd", "include"):
        for path in sources(root, folder):
            name = str(path.relative_to(root))
            if SYSTEMS & set(path.relative_to(root).parts) or name in ALLOWED:
                continue
            for system, header in includes(path):
                if system and OF_A_SYSTEM.match(header):
                    yield f"{name}: <{header}> belongs into a folder named for its system"


def check_wrappers(root):
    for path in [*sources(root, "include"), *sources(root, "cmd"), *sources(root, "lib")]:
        for system, header in includes(path):
            for library, wrapper in WRAPPERS.items():
                if system and header.startswith(library) and str(path.relative_to(root)) != wrapper:
                    yield f"{path.relative_to(root)}: <{header}> belongs into {wrapper} alone"


def check_alone(root, compiler):
    def compiled(path):
        done = subprocess.run([*compiler, "-fsyntax-only", "-x", "c++", f"-I{root / 'include'}", "-"],
                              input=f'#include "ucsignin/{path.name}"\n', capture_output=True, text=True)
        return path, done
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for path, done in pool.map(compiled, sources(root, "include")):
            if done.returncode:
                yield f"include/ucsignin/{path.name} does not compile alone:\n{done.stderr}"


def main():
    root, compiler = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    arrows = table(root)
    found = [*check_include(root), *check_cmd(root), *check_table(root, arrows), *check_arrows(root, arrows),
             *check_stages(root), *check_systems(root), *check_wrappers(root)]
    if compiler:
        found += check_alone(root, compiler)
    count = {folder: len(sources(root, folder)) for folder in ("include", "cmd", "lib")}
    print(f"{count}, {len(found)} places", *found, sep="\n")
    if min(count.values()) < 5:
        sys.exit(f"hardly any sources under {root}")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
