#!/usr/bin/env python3
"""Makes a C++ source of the page's assets: embed.py OUTPUT style=FILE script=FILE signs=FILE

`sign(NAME, COLOUR, MARK)` in the style becomes a picture of that sign."""
import base64
import hashlib
import pathlib
import re
import sys
import urllib.parse

NAMED_BY_HASH = {"style", "script"}   # by a Content-Security-Policy
PIECE = 8000   # characters; compilers bound the length of one literal


def literal(text):
    pieces = [text[at:at + PIECE] for at in range(0, len(text), PIECE)]
    return "\n".join(f'R"asset({piece})asset"' for piece in pieces) or '""'


def picture(style, signs, name, colour, mark):
    """A sign as a picture by itself, with the style's rules for it as attributes: a policy may forbid a style of its own."""
    def attributes(one):
        rules = re.findall(rf"^(?:\.\w+, )*\.{one[1]}(?:, \.\w+)* {{(.*)}}$", style, re.M)
        return " ".join(f"{key}='{value}'" for key, value in re.findall(r"([\w-]+): ([^;]+);", "".join(rules)))
    drawn = re.search(rf'<symbol id="o-{name}"[^>]*>(.*)</symbol>', signs)[1]
    drawn = re.sub(r'class="(\w+)"', attributes, drawn).replace('"', "'").replace("var(--o)", colour).replace("var(--mark)", mark)
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'>{drawn}</svg>"
    return "url(\"data:image/svg+xml," + urllib.parse.quote(svg, safe=" '=/:.()-") + '")'


def with_signs(style, signs):
    return re.sub(r"sign\((\w+), (#\w+), (#\w+)\)", lambda one: picture(style, signs, *one.groups()), style)


def definitions(name, text):
    if ")asset" in text or "</script" in text.lower() or "</style" in text.lower():
        sys.exit(f"embed: the {name} holds what would end it too early")
    made = f"constexpr char {name}_text[] =\n{literal(text)};\nconst std::string_view page_{name}({name}_text, sizeof {name}_text - 1);\n"
    if name in NAMED_BY_HASH:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        made += f'const std::string_view {name}_hash("\'sha256-{digest}\'");\n'
    return made


def main(output, *assets):
    texts = {name: pathlib.Path(path).read_text(encoding="utf-8") for name, path in (asset.split("=", 1) for asset in assets)}
    texts["style"] = with_signs(texts["style"], texts["signs"])
    made = [definitions(*asset) for asset in texts.items()]
    pathlib.Path(output).write_text('#include "report/html/assets.hpp"\n\nnamespace ucsignin::report::html {\n\n'
                                    + "\n".join(made) + "\n}  // namespace ucsignin::report::html\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
