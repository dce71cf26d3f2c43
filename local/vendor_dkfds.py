"""Copy what we use of Det Fælles Designsystem from its npm archive into `app/static/vendor/dkfds`.

    npm pack dkfds@11.2.0
    python -m local.vendor_dkfds dkfds-11.2.0.tgz

The stylesheet is changed in two ways only: its `@font-face` rules are dropped (`fonts.css` has ours, with woff2 files
split by alphabet), and so are the rules whose background image is not among the files copied. A request for a file that
is not there can therefore not arise.
"""

import base64
import hashlib
import re
import shutil
import sys
import tarfile
from pathlib import Path

INTEGRITY = "JuVf8NjEOeF+TKIhEFXa3BfZvk1ulQM8+XN+6QhgDo6kiwwvupyBY34YU4FglBeyFWHbE5mYDmnrcYTWOSKkEA=="
TARGET = Path(__file__).resolve().parent.parent / "app" / "static" / "vendor" / "dkfds"

# Drawn in pages through the macro `icon`, as one file.
SPRITE_ICONS = (
    "account add-document arrow-back arrow-forward attach-file calendar-month chat check checklist chevron-down "
    "chevron-left chevron-right chevron-up close copy delete document download edit email error file-excel file-pdf "
    "first-page flag groups help hourglass info location lock menu minus notifications open-in-new person person-add "
    "persons plus print refresh search settings sort-table-ascending sort-table-descending sort-table-none success "
    "time visibility visibility-off warning"
)

# Fetched by the stylesheet as backgrounds of components.
BACKGROUND_ICONS = (
    "check check-white chevron-down chevron-down-gray-200 chevron-left chevron-right chevron-up close error-white "
    "info-white minus minus-white more-vert plus success-white warning"
)

FONT_FILES = [
    f"IBMPlexSans-{weight}-{alphabet}.woff2"
    for weight in ("Regular", "Italic", "SemiBold")
    for alphabet in ("Latin1", "Latin2", "Pi")
]


def read_package(archive: Path) -> dict[str, bytes]:
    """Return the archive's files by path under `package/`; ends the program when it is not the archive we know."""
    content = archive.read_bytes()
    if base64.b64encode(hashlib.sha512(content).digest()).decode() != INTEGRITY:
        sys.exit(f"{archive}: not the dkfds 11.2.0 that npm publishes")
    files = {}
    with tarfile.open(archive) as package:
        for member in package:
            opened = package.extractfile(member)
            if opened is not None:
                files[member.name.removeprefix("package/")] = opened.read()
    return files


def trimmed_stylesheet(css: str) -> str:
    """Drop font faces, the pointer to the source map, and rules that show an image which is not copied."""
    css = re.sub(r"@font-face\{[^{}]*\}", "", css)
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)

    def keep(rule: re.Match[str]) -> str:
        images = re.findall(r"url\(\.\./img/([^)]*)\)", rule[0])
        wanted = all(image in {f"svg-icons/{name}.svg" for name in BACKGROUND_ICONS.split()} for image in images)
        return rule[0] if wanted else ""

    return re.sub(r"[^{}]*\{[^{}]*\}", keep, css).strip() + "\n"


def sprite(all_icons: str) -> str:
    """Return a sprite with the symbols we draw; ends the program when one is missing."""
    symbols = dict(re.findall(r'(?s)<symbol id="([^"]+)"(.*?)</symbol>', all_icons))
    missing = set(SPRITE_ICONS.split()) - symbols.keys()
    if missing:
        sys.exit(f"not in the archive's sprite: {', '.join(sorted(missing))}")
    drawn = "".join(f'<symbol id="{name}"{symbols[name]}</symbol>' for name in SPRITE_ICONS.split())
    return f'<svg xmlns="http://www.w3.org/2000/svg">{drawn}</svg>\n'


def main(archive: Path) -> None:
    """Replace the vendored folder by what the archive holds."""
    files = read_package(archive)
    wanted = {
        "LICENSE.md": files["LICENSE.md"],
        "fonts/OFL.txt": files["src/fonts/IBMPlexSans/split/woff2/license.txt"],
        "css/dkfds.min.css": trimmed_stylesheet(files["dist/css/dkfds.min.css"].decode()).encode(),
        "js/dkfds.min.js": re.sub(rb"//# sourceMappingURL=\S+\s*", b"", files["dist/js/dkfds.min.js"]),
        "img/icons.svg": sprite(files["dist/img/all-svg-icons.svg"].decode()).encode(),
    }
    for name in BACKGROUND_ICONS.split():
        wanted[f"img/svg-icons/{name}.svg"] = files[f"dist/img/svg-icons/{name}.svg"]
    for name in FONT_FILES:
        wanted[f"fonts/{name}"] = files[f"dist/fonts/IBMPlexSans/split/woff2/{name}"]
    shutil.rmtree(TARGET, ignore_errors=True)
    for path, content in wanted.items():
        (TARGET / path).parent.mkdir(parents=True, exist_ok=True)
        (TARGET / path).write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
