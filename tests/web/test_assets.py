"""The built files: whole, listed, licensed, cached, and what the sources give."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from caseroom.web.assets import STATIC, asset_url, read_manifest

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"


def test_the_manifest_lists_every_file_with_its_digest() -> None:
    """Nothing is missing, nothing is extra, and no byte differs."""
    listed = {entry["name"]: entry for entry in read_manifest()["files"]}
    there = {path.name for path in STATIC.iterdir()} - {"manifest.json"}

    assert set(listed) == there
    for name, entry in listed.items():
        content = (STATIC / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (
            entry["bytes"],
            entry["sha256"],
        )


def test_every_vendored_package_has_version_license_and_text() -> None:
    """Name, version, license and the files that hold its code; the license text is shipped."""
    texts = (STATIC / "LICENSES.txt").read_text()
    names = {entry["name"] for entry in read_manifest()["files"]}
    packages = read_manifest()["packages"]

    assert {"htmx.org", "@codemirror/view", "vega", "vega-lite", "vega-interpreter"} <= {
        package["name"] for package in packages
    }
    for package in packages:
        assert f"{package['name']} {package['version']} ({package['license']})" in texts
        assert package["files"]
        assert set(package["files"]) <= names


def test_licenses_permit_this_use() -> None:
    """Only permissive licenses are in the pages; axe-core (MPL) stays with the tests."""
    allowed = {"MIT", "ISC", "BSD-3-Clause", "BSD-0-Clause", "0BSD", "Apache-2.0", "Unlicense"}

    assert {package["license"] for package in read_manifest()["packages"]} <= allowed


def test_third_party_names_the_main_packages() -> None:
    """THIRD_PARTY.md speaks of what the pages carry, with the versions that are built in."""
    text = (ROOT / "THIRD_PARTY.md").read_text()
    versions = {package["name"]: package["version"] for package in read_manifest()["packages"]}
    direct = json.loads((FRONTEND / "package.json").read_text())["dependencies"]

    for name in direct:
        assert f"| {name} | {versions[name]} |" in text
    assert "axe-core" in text


def test_versions_are_exact_and_name_no_place() -> None:
    """package.json pins exact versions; the lock file names no host that packages come from."""
    package = json.loads((FRONTEND / "package.json").read_text())
    pins = package["dependencies"] | package["devDependencies"]
    lock = json.loads((FRONTEND / "package-lock.json").read_text())

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in pins.values())
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]
    assert all("integrity" in e or not n or "optional" in e for n, e in lock["packages"].items())


def test_the_real_codemirror_is_built_in() -> None:
    """The meta-package `codemirror` is not used: its newest number is an older editor."""
    package = json.loads((FRONTEND / "package.json").read_text())

    assert "codemirror" not in package["dependencies"]
    assert package["dependencies"]["@codemirror/view"].startswith("6.")


def test_files_are_cached_for_good_by_their_name(client: TestClient) -> None:
    """A fingerprinted file may be kept for ever; types are right and sniffing is off."""
    script = client.get(asset_url("app.js"))
    style = client.get(asset_url("style.css"))

    assert "immutable" in script.headers["cache-control"]
    assert script.headers["content-type"].startswith("text/javascript")
    assert style.headers["content-type"].startswith("text/css")
    assert script.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["manifest.json", "nope.js", "..%2Fapp.py", "%2e%2e%2fapp.py", "..\\app.py"]
)
def test_nothing_else_is_served(client: TestClient, name: str) -> None:
    """Only files that the manifest lists are sent."""
    assert client.get(f"/static/{name}").status_code == 404


def test_the_scripts_stay_small() -> None:
    """What every page loads stays under 60 kB; the editor and charts come where they are used."""
    assert (STATIC / read_manifest()["entries"]["app.js"]).stat().st_size < 60_000
    assert (
        "vega"
        not in (STATIC / read_manifest()["entries"]["app.js"]).read_text().split("import(")[0]
    )


def test_building_again_gives_the_same_bytes() -> None:
    """The committed files are what the sources give with the locked versions."""
    if shutil.which("node") is None or not (FRONTEND / "node_modules").is_dir():
        pytest.skip("needs Node and `npm ci` in frontend/")
    done = subprocess.run(
        ["node", "build.mjs", "--check"], cwd=FRONTEND, capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")
