"""The verifier stands alone and names what was changed first, to the byte where it is one."""

from __future__ import annotations

import ast
import base64
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from monitor.core.evidence import verifier
from monitor.core.evidence.verifier import BLOCK, block_table, digest, first_change, verify
from tests.support.evidence import capture, chained, packed

CHAIN = chained([capture(1), capture(2, body=b""), capture(3, body=b"\xff\xfe not \r\n\r\n text \x00" * 300)])


@cache
def _files() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed(CHAIN[1:], CHAIN))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zip(folder: Path, files: Mapping[str, bytes]) -> Path:
    pack = folder / "case.zip"
    with zipfile.ZipFile(pack, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return pack


def test_it_needs_nothing_but_python() -> None:
    tree = ast.parse(Path(verifier.__file__).read_text(encoding="utf-8"))
    names = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_untouched_pack_is_said_to_be_so_by_the_script_inside_it(tmp_path: Path) -> None:
    for name, content in _files().items():
        (tmp_path / name).write_bytes(content)
    run = [sys.executable, "-I", str(tmp_path / "verify.py")]
    fine = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (fine.returncode, fine.stdout.split()[0]) == (0, "OK")
    assert CHAIN[-1].hash in fine.stdout
    page = bytearray(_files()["pages.warc"])
    at = page.index(b"not")
    page[at] ^= 1
    (tmp_path / "pages.warc").write_bytes(page)
    changed = subprocess.run(run, capture_output=True, text=True, check=False)
    assert changed.returncode == 1
    first = changed.stdout.splitlines()[0]
    assert f"pages.warc: byte {at} was changed" in first
    assert "in the page of record 3/page" in first


@given(which=st.integers(0, 7), at=st.integers(0, 10**6), by=st.integers(1, 255))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whichever_byte_is_flipped_it_is_named(tmp_path: Path, which: int, at: int, by: int) -> None:
    name = sorted(_files())[which]
    at %= len(_files()[name])
    changed = bytearray(_files()[name])
    changed[at] ^= by
    findings, _ = verify(_zip(tmp_path, {**_files(), name: bytes(changed)}))
    assert findings
    assert findings[0].where == name
    if name != "manifest.sha256":  # its own blocks stand in itself
        assert f"byte {at} was changed" in findings[0].problem


def test_a_flip_in_the_zip_file_itself_is_no_silence(tmp_path: Path) -> None:
    """Members are compressed there: the file is named, and its bytes are no other or it is refused."""
    whole = packed(CHAIN, CHAIN)
    pack = tmp_path / "case.zip"
    for at in range(0, len(whole), 97):
        pack.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        findings, _ = verify(pack)
        if not findings:  # a moment or a flag of a member that says nothing about its content
            with zipfile.ZipFile(pack) as archive, zipfile.ZipFile(io.BytesIO(whole)) as before:
                assert {n: archive.read(n) for n in archive.namelist()} == {
                    n: before.read(n) for n in before.namelist()
                }


def test_files_that_are_missing_or_added_are_named(tmp_path: Path) -> None:
    without = {name: content for name, content in _files().items() if name != "pages.warc"}
    assert verify(_zip(tmp_path, without))[0][0] == ("pages.warc", "is missing")
    more = {**_files(), "page-9.html": b"<p>"}
    assert verify(_zip(tmp_path, more))[0] == [("page-9.html", "was added: the manifest does not know it")]
    assert verify(_zip(tmp_path, {}))[0] == [("manifest.json", "is missing")]
    (tmp_path / "case.zip").write_bytes(b"no zip")
    assert "changed or cut" in verify(tmp_path / "case.zip")[0][0].problem


def test_a_forged_manifest_does_not_hide_what_the_chain_knows(tmp_path: Path) -> None:
    """Who changes a page and makes all sums of files anew still meets the chain."""
    forged = {**_files(), "pages.warc": _files()["pages.warc"].replace(b"not \r", b"yes \r", 1)}
    manifest = json.loads(forged["manifest.json"])
    content = forged["pages.warc"]
    blocks = base64.b64encode(block_table(content)).decode()
    manifest["files"]["pages.warc"] = {"length": len(content), "sha256": digest(content), "blocks": blocks}
    stated = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    sums = f"{digest(stated)} {base64.b64encode(block_table(stated)).decode()}\n".encode()
    findings, _ = verify(_zip(tmp_path, {**forged, "manifest.json": stated, "manifest.sha256": sums}))
    assert [finding.where for finding in findings] == ["record 3, page"]


@given(
    content=st.binary(min_size=1, max_size=3 * BLOCK),
    at=st.integers(min_value=0),
    by=st.integers(min_value=1, max_value=255),
)
@example(content=b"\x00" * BLOCK + b"x", at=BLOCK, by=255)
def test_one_changed_byte_is_found_with_what_it_was(content: bytes, at: int, by: int) -> None:
    at %= len(content)
    changed = bytearray(content)
    changed[at] ^= by
    found = first_change(bytes(changed), block_table(content), len(content))
    assert found == f"byte {at} was changed (it was 0x{content[at]:02x}, it is 0x{changed[at]:02x})"


@given(content=st.binary(max_size=3 * BLOCK), other=st.binary(max_size=3 * BLOCK))
def test_any_other_change_is_found_within_its_first_block(content: bytes, other: bytes) -> None:
    found = first_change(other, block_table(content), len(content))
    if content == other:
        assert found == ""
        return
    first = next(
        (at for at, (a, b) in enumerate(zip(content, other, strict=False)) if a != b),
        min(len(content), len(other)),
    )
    named = [int(word) for word in re.findall(r"\d+", found.partition("(")[0])]
    assert named[0] <= first <= (named[1] if len(named) > 1 else named[0])
