"""What is built holds everything that the program needs. Built in this process; nothing is fetched."""

import shutil
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import hatchling.build
import pytest

from scrqm_forms.services.context import program_version

ROOT = Path(__file__).parents[1]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def files_in(*folders: str, ending: str = "") -> list[str]:
    """Files of the checkout, by path from its root."""
    return sorted(
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name.endswith(ending)
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout that has been worked with: a key, a database and compiled files lie in it."""
    copy = tmp_path_factory.mktemp("packaging") / "checkout"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".*_cache", ".hypothesis", ".venv", "instance"))
    left_behind = ["instance/secret.key", "instance/scrqm-forms.db", "instance/plugins/own.py", "instance/.gitkeep"]
    for name in (*left_behind, "plugins/__pycache__/a.pyc", "scrqm_forms/__pycache__/a.pyc", "tests/__pycache__/a.pyc"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).touch()
    return copy


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    folder = tmp_path_factory.mktemp("wheel")
    with chdir(checkout):
        name = hatchling.build.build_wheel(str(folder))
    with zipfile.ZipFile(folder / name) as archive:
        yield archive


@pytest.fixture(scope="module")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tarfile.TarFile]:
    folder = tmp_path_factory.mktemp("sdist")
    with chdir(checkout):
        name = hatchling.build.build_sdist(str(folder))
    with tarfile.open(folder / name) as archive:
        yield archive


def names_in(sdist: tarfile.TarFile) -> list[str]:
    """Files of a source distribution, without the folder that all of them are in."""
    return [member.name.partition("/")[2] for member in sdist.getmembers() if member.isfile()]


@pytest.mark.parametrize("folder", ["plugins", "markers"])
def test_wheel_holds_what_is_shipped_beside_the_package(wheel: zipfile.ZipFile, folder: str) -> None:
    inside = f"scrqm_forms/_shipped/{folder}/"
    shipped = files_in(folder)
    assert shipped
    assert sorted(name for name in wheel.namelist() if name.startswith(inside)) == [
        f"scrqm_forms/_shipped/{name}" for name in shipped
    ]
    for name in shipped:
        assert wheel.read(f"scrqm_forms/_shipped/{name}") == (ROOT / name).read_bytes()


def test_wheel_holds_every_file_of_the_package(wheel: zipfile.ZipFile) -> None:
    package = files_in("scrqm_forms")
    for folder in ("web/templates/", "web/static/", "storage/migrations/versions/"):
        assert any(name.startswith(f"scrqm_forms/{folder}") for name in package)
    assert {"scrqm_forms/services/demo_answers.toml", "scrqm_forms/services/demo_improvements.toml"} <= set(package)
    assert sorted(set(package) - set(wheel.namelist())) == []


def test_wheel_holds_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"scrqm_forms", f"scrqm_forms-{VERSION}.dist-info"}
    assert [name for name in wheel.namelist() if name.endswith((".pyc", ".db", ".key"))] == []


def test_wheel_says_what_it_is(wheel: zipfile.ZipFile) -> None:
    info = f"scrqm_forms-{VERSION}.dist-info"
    assert f"\nVersion: {VERSION}\n" in wheel.read(f"{info}/METADATA").decode()
    assert "scrqm-forms = scrqm_forms.cli:main" in wheel.read(f"{info}/entry_points.txt").decode()
    assert f"{info}/licenses/LICENSE" in wheel.namelist()


def test_installed_program_has_the_version_of_the_checkout() -> None:
    assert program_version() == VERSION


def test_sdist_holds_the_sources(sdist: tarfile.TarFile) -> None:
    names = names_in(sdist)
    whole = files_in("scrqm_forms", "plugins", "markers", "tests", "docs", "benchmarks")
    single = ["constraints.txt", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "PKG-INFO"]
    assert sorted({*whole, *single} - set(names)) == []
    about = sdist.extractfile(f"scrqm_forms-{VERSION}/PKG-INFO")
    assert about is not None
    assert f"\nVersion: {VERSION}\n" in about.read().decode()


def test_sdist_holds_nothing_of_anybodys_instance(sdist: tarfile.TarFile) -> None:
    assert [name for name in names_in(sdist) if name.startswith("instance/")] == ["instance/.gitkeep"]
    assert [name for name in names_in(sdist) if name.endswith((".pyc", ".db", ".key"))] == []


def test_constraints_name_versions_and_no_addresses() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.partition(" ;")[0] for line in lines if not line.startswith("#")]
    assert all(len(pin.split("==")) == 2 and " " not in pin and "[" not in pin for pin in pins), pins
    assert [line for line in lines if "/" in line or "@" in line] == []


@pytest.mark.parametrize("part", ["dependencies", "postgres", "test", "dev"])
def test_constraints_pin_every_requirement(part: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] if part == "dependencies" else project["optional-dependencies"][part]
    pinned = {line.partition("==")[0] for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()}
    assert [each for each in wanted if plain_name(each) not in {*pinned, "scrqm-forms"}] == []


def plain_name(requirement: str) -> str:
    for sign in "[<>=;! ":
        requirement = requirement.partition(sign)[0]
    return requirement.lower().replace("_", "-")
