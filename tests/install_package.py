#!/usr/bin/env python3
"""The installed library is enough: installs it into a temporary folder, builds examples/use_the_library.cpp there, by
find_package(ucsignin), and runs it.

install_package.py BUILD_DIR SOURCE_DIR [-DNAME=VALUE...]   what is configured as the library was: compiler, flags
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)
    print("$", *command, f"-> {done.returncode}")
    return done


def must(*command):
    done = run(*command)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout


def check_headers(prefix, source):
    installed = {path.name for path in (prefix / "include/ucsignin").iterdir()}
    public = {path.name for path in (source / "include/ucsignin").iterdir()}
    assert installed == public, f"headers: {installed ^ public}"


# A path of the source or build folder would work here, and on no other PC.
def check_paths(prefix, build, source):
    for file in prefix.rglob("*.cmake"):
        for folder in (build, source):
            found = re.search(re.escape(str(folder)) + r"\b", file.read_text())
            assert not found, f"{file.name} names {folder}"


def main():
    build, source, *settings = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), *sys.argv[3:]
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        prefix, example, out = root / "prefix", root / "example", root / "out"
        must("cmake", "--install", build, "--prefix", prefix)
        check_headers(prefix, source)
        check_paths(prefix, build, source)
        example.mkdir()   # a copy: nothing beside it can be included by chance
        for name in ("CMakeLists.txt", "use_the_library.cpp"):
            (example / name).write_text((source / "examples" / name).read_text())
        must("cmake", "-S", example, "-B", out, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}", *settings)
        found = re.search(r"^ucsignin_DIR:PATH=(.*)$", (out / "CMakeCache.txt").read_text(), re.M)
        assert found and found[1].startswith(str(prefix)), f"another package was found: {found and found[1]}"
        must("cmake", "--build", out)
        # gss-ntlmssp keeps digests until the process ends.
        said = run(out / "use_the_library", env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}, timeout=60)
        assert said.returncode == 0 and "signed in: yes" in said.stdout, said.stdout + said.stderr
        program = must(prefix / "bin/ucsignin", "--version")
        assert program.startswith("ucsignin "), program
        for name in ("man/man1/ucsignin.1", "man/man1/ucsignin-diagnose.1", "bash-completion/completions/ucsignin",
                     "zsh/site-functions/_ucsignin", "fish/vendor_completions.d/ucsignin.fish"):
            assert (prefix / "share" / name).stat().st_size > 500, name


if __name__ == "__main__":
    main()
