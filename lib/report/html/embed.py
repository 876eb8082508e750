#!/usr/bin/env python3
"""Makes a C++ source of the page's assets, with their hashes: embed.py OUTPUT NAME=FILE..."""
import base64
import hashlib
import pathlib
import sys

PIECE = 8000   # characters; compilers bound the length of one literal


def literal(text):
    pieces = [text[at:at + PIECE] for at in range(0, len(text), PIECE)]
    return "\n".join(f'R"asset({piece})asset"' for piece in pieces) or '""'


def definitions(name, path):
    text = pathlib.Path(path).read_text(encoding="utf-8")
    if ")asset" in text or "</script" in text.lower() or "</style" in text.lower():
        sys.exit(f"embed: {path} holds what would end it too early")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return (f"constexpr char {name}_text[] =\n{literal(text)};\n"
            f"const std::string_view page_{name}({name}_text, sizeof {name}_text - 1);\n"
            f'const std::string_view {name}_hash("\'sha256-{digest}\'");\n')


def main(output, *assets):
    made = [definitions(*asset.split("=", 1)) for asset in assets]
    pathlib.Path(output).write_text('#include "report/html/assets.hpp"\n\nnamespace ucsignin::report::html {\n\n'
                                    + "\n".join(made) + "\n}  // namespace ucsignin::report::html\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
