"""Fetch the built front-end files and put them under locality/web/static/vendor, with their licences.

Run by hand when a version below changes (needs npm, once); the result is committed, so that nobody else needs Node.
"""

import hashlib
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "locality" / "web" / "static" / "vendor"

# name, version, SHA-512 of the package file, licence, and (path in the package -> name here)
PACKAGES = (
    (
        "nhsuk-frontend",
        "10.6.1",
        "3d9a2ba90663671fc0dbac89a2c9022fdcf489be80b64032174a382bf447afcc"
        "d1ac9c97ad43829cc6e3cb454d5ec18ee2d7d334cc2a964c004cab386b4c5acb",
        "MIT",
        {
            "dist/nhsuk/nhsuk-frontend.min.css": "nhsuk-frontend.min.css",
            "dist/nhsuk/nhsuk-frontend.min.js": "nhsuk-frontend.min.js",
            "dist/nhsuk/assets/images/nhsuk-icon-arrow-down.svg": "images/nhsuk-icon-arrow-down.svg",
            "dist/nhsuk/assets/images/nhsuk-icon-arrow-up.svg": "images/nhsuk-icon-arrow-up.svg",
            "dist/nhsuk/assets/images/nhsuk-icon-arrow-up-down.svg": "images/nhsuk-icon-arrow-up-down.svg",
            "dist/nhsuk/assets/images/nhsuk-icon-cross.svg": "images/nhsuk-icon-cross.svg",
        },
    ),
    (
        "htmx.org",
        "4.0.1",
        "a05ec98178435bd5170b2fe4d59605510833bbfae6d7d39158f48f34bf75bcf9"
        "6e0763c1f7e315e79b7241d1ffc3ba361006d36141b94835b547ad2676476a1a",
        "0BSD",
        {"dist/htmx.min.js": "htmx.min.js"},
    ),
)

# nhsuk-frontend's package says only "MIT"; this is the licence file of its source repository
NHSUK_LICENCE = """MIT License

Copyright (c) 2019 NHS.UK

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""

LICENCES_HEAD = """# Licences of the vendored files

Written by `scripts/vendor_frontend.py`; do not edit. Changes made to the files: the web font and every remote address
are taken out of the style sheet (the font is licensed to NHS bodies only), addresses are made relative, source maps are
not named. The NHS logo and icons bearing it are not copied.
"""


def fetched(name: str, version: str, sha512: str, into: Path) -> tarfile.TarFile:
    packed = subprocess.run(
        ["npm", "pack", "--silent", f"{name}@{version}"], cwd=into, check=True, capture_output=True, text=True
    )
    package = into / packed.stdout.split()[-1]
    found = hashlib.sha512(package.read_bytes()).hexdigest()
    if found != sha512:
        raise SystemExit(f"{name} {version} is not the package that was pinned: its SHA-512 is {found}")
    return tarfile.open(package)


def plain_css(css: str) -> str:
    """The style sheet without its web font, source map and absolute addresses."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("Frutiger W01,arial", 'arial,"Liberation Sans"').replace("url(/assets/", "url(")
    return without_source_map(css)


def without_source_map(text: str) -> str:
    text = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", text)
    return re.sub(r"//# sourceMappingURL=\S*", "", text)


def plain(name: str, text: str) -> str:
    return plain_css(text) if name.endswith(".css") else without_source_map(text)


def member_text(package: tarfile.TarFile, path: str) -> str:
    member = package.extractfile(f"package/{path}")
    if member is None:
        raise SystemExit(f"the package has no file {path}")
    return member.read().decode()


def vendor() -> None:
    licences = [LICENCES_HEAD]
    with tempfile.TemporaryDirectory() as folder:
        for name, version, sha512, licence, files in PACKAGES:
            with fetched(name, version, sha512, Path(folder)) as package:
                for path, here in files.items():
                    target = VENDOR / here
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(plain(here, member_text(package, path)).rstrip() + "\n")
                    print(f"{target.relative_to(VENDOR)}  {target.stat().st_size:,} bytes")
                words = NHSUK_LICENCE if name == "nhsuk-frontend" else member_text(package, "LICENSE")
            listed = ", ".join(f"`{here}`" for here in files.values())
            licences.append(f"## {name} {version} ({licence})\n\n{listed}\n\n```\n{words.strip()}\n```\n")
    (VENDOR / "LICENCES.md").write_text("\n".join(licences))


if __name__ == "__main__":
    vendor()
