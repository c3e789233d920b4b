"""Verify an evidence pack: that nothing in it was changed since it was made, and if so, where first.

    python3 verify.py [PACK.zip | FOLDER]

Needs nothing but Python 3.9 or newer. Without an argument it looks at the folder that it lies in. It prints
each change that it finds (file, byte, record) and ends with 1 if there is any. What it cannot know: whether
the whole pack was made up. Compare the hash that it prints at the end with one that was written down when the
pack was made, or with what `monitor evidence verify` prints beside the store that it comes from.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

BLOCK = 1024
"""A block's sums take twelve bytes: so much of the content a change is narrowed down to."""
PRIME = 65_521
"""What Adler-32 reckons by."""
BEGINNING = "0" * 64
"""What the first record of a chain follows."""
_SUMS = struct.Struct(">8sI")
_VALUES = 256
"""So many values a byte may have."""


class Alteration(NamedTuple):
    """Something that was changed: where, and what is wrong there."""

    where: str
    problem: str

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}"


def digest(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def record_hash(previous: str, link_digest: str) -> str:
    """The hash of a record: it covers the record's link and, by the hash before, all that came before."""
    return digest(f"{previous}\n{link_digest}\n".encode("utf-8", "surrogatepass"))


def block_table(data: bytes) -> bytes:
    """The sums of each block: a short hash, and Adler-32, by which one changed byte is found again."""
    blocks = (data[at : at + BLOCK] for at in range(0, len(data), BLOCK))
    return b"".join(_SUMS.pack(*_sums(block)) for block in blocks)


def first_change(data: bytes, table: bytes, length: int) -> str:
    """Where content first differs from what its block table was made of; "" if nowhere."""
    for number in range(len(table) // _SUMS.size):
        block = data[number * BLOCK : (number + 1) * BLOCK]
        stated = _SUMS.unpack_from(table, number * _SUMS.size)
        if _sums(block) != stated:
            return _spot(block, stated, number * BLOCK)
    if len(data) > length:
        return f"byte {length} and what follows were added"
    return ""


def _sums(block: bytes) -> tuple[bytes, int]:
    return hashlib.sha256(block).digest()[:8], zlib.adler32(block)


def _spot(block: bytes, stated: tuple[bytes, int], begins: int) -> str:
    """The byte that was changed in a block, if it is one: putting it right must give the block's hash."""
    sums, before = zlib.adler32(block), stated[1]
    by = ((sums & 0xFFFF) - (before & 0xFFFF)) % PRIME
    if by:
        # Adler's second sum holds each byte as often as there are bytes from it to the end.
        place = len(block) - ((sums >> 16) - (before >> 16)) * pow(by, PRIME - 2, PRIME) % PRIME
        was = block[place] - (by if by < _VALUES else by - PRIME) if 0 <= place < len(block) else -1
        if 0 <= was < _VALUES and _sums(block[:place] + bytes([was]) + block[place + 1 :]) == stated:
            spot = f"it was 0x{was:02x}, it is 0x{block[place]:02x}"
            return f"byte {begins + place} was changed ({spot})"
    return f"changed within bytes {begins} to {begins + BLOCK - 1}"


def verify(pack: Path) -> tuple[list[Alteration], str]:
    """What was changed in a pack, in the order of its files, and the hash that ends its chain."""
    try:
        files = _files(pack)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        return [Alteration(pack.name, f"the zip file itself was changed or cut: {error}")], ""
    manifest, findings = _manifest(files)
    if manifest is None:
        return findings, ""
    try:
        stated = manifest["files"]
        for name in sorted(set(stated) | set(files) - {"manifest.json", "manifest.sha256"}):
            findings += _file(name, files.get(name), stated.get(name))
        findings += _records(files, manifest)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        if not findings:  # nothing but a pack that was made by another program
            findings.append(Alteration(pack.name, f"cannot be read: {error!r}"))
    return findings, str(manifest["head"]["hash"])


def _files(pack: Path) -> dict[str, bytes]:
    if pack.is_dir():
        inside = (path for path in sorted(pack.rglob("*")) if path.is_file())
        return {
            path.relative_to(pack).as_posix(): path.read_bytes()
            for path in inside
            if "__pycache__" not in path.parts
        }
    with zipfile.ZipFile(pack) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        if len(set(names)) != len(names):
            raise zipfile.BadZipFile("a name stands there twice")
        return {name: archive.read(name) for name in names}


def _manifest(files: Mapping[str, bytes]) -> tuple[dict[str, Any] | None, list[Alteration]]:
    try:
        content = files["manifest.json"]
        stated, blocks = files["manifest.sha256"].decode("ascii").split()
        table = base64.b64decode(blocks, validate=True)
    except KeyError as error:
        return None, [Alteration(str(error.args[0]), "is missing")]
    except ValueError:
        return None, [Alteration("manifest.sha256", "was changed: it does not hold a hash and its blocks")]
    findings = []
    exact = f"{stated} {base64.b64encode(table).decode('ascii')}\n".encode("ascii")
    if files["manifest.sha256"] != exact:
        findings.append(Alteration("manifest.sha256", "was changed"))
    if digest(content) != stated:
        where = first_change(content, table, len(content))
        if where:
            findings.append(Alteration("manifest.json", where))
        else:  # every block is as stated
            findings.append(Alteration("manifest.sha256", "its hash was changed"))
    elif block_table(content) != table:
        findings.append(Alteration("manifest.sha256", "its blocks were changed"))
    try:
        manifest = json.loads(content)
        int(manifest["head"]["n"]), str(manifest["head"]["hash"]), dict(manifest["files"])
    except (KeyError, ValueError, TypeError):
        return None, findings or [Alteration("manifest.json", "was changed: it cannot be read")]
    return manifest, findings


def _file(name: str, content: bytes | None, stated: Mapping[str, Any] | None) -> list[Alteration]:
    if stated is None:
        return [Alteration(name, "was added: the manifest does not know it")]
    if content is None:
        return [Alteration(name, "is missing")]
    if digest(content) == stated["sha256"]:
        return []
    where = first_change(content, base64.b64decode(stated["blocks"]), int(stated["length"]))
    return [Alteration(name, f"{where or 'was changed'}{_near(name, content, where)}")]


def _near(name: str, content: bytes, where: str) -> str:
    """Which record a byte belongs to, for files of several records."""
    figures = [int(word) for word in where.split() if word.isdigit()]
    if not figures:
        return ""
    before = content[: figures[0]]
    if name == "pages.warc":
        _, _, mark = before.rpartition(b"\r\nMonitor-Part: ")
        part = mark.split(b"\r\n", 1)[0].decode("ascii", "replace")
        return f", in the page of record {part}" if mark else ""
    if not name.endswith(".jsonl"):
        return f", in line {before.count(10) + 1}"
    line = content.split(b"\n")[before.count(10)]
    number = line[5:].split(b",", 1)[0].decode("ascii", "replace") if line.startswith(b'{"n":') else "?"
    return f", in line {before.count(10) + 1}, record {number}"


def _records(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> list[Alteration]:
    """Whether the records are what the chain says, and the chain leads to the head."""
    findings: list[Alteration] = []
    digests: dict[int, str] = {}
    previous = str(manifest["first"]["previous"])
    number = int(manifest["first"]["n"])
    for line in files["chain.txt"].decode("ascii").splitlines():
        n, link_digest, stated = line.split(" ")
        where = f"chain.txt, record {number}"
        if int(n) != number:
            findings.append(Alteration(where, f"record {n} stands in its place"))
        if record_hash(previous, link_digest) != stated:
            findings.append(Alteration(where, "its hash does not follow from its link and the hash before"))
        digests[number] = link_digest
        previous, number = stated, number + 1
    head = manifest["head"]
    if (number - 1, previous) != (head["n"], head["hash"]):
        findings.append(Alteration("chain.txt", "it does not end at the head that the manifest states"))
    pages = dict(_pages(files["pages.warc"]))
    for line in files["records.jsonl"].decode("utf-8").splitlines():
        findings += _record(json.loads(line), digests, pages)
    return findings


def _record(
    record: Mapping[str, Any], digests: Mapping[int, str], pages: Mapping[str, bytes]
) -> Iterator[Alteration]:
    number = int(record["n"])
    where = f"record {number}"
    if digest(record["link"].encode("ascii")) != digests.get(number):
        yield Alteration(where, "its link is not the one in the chain")
    link = json.loads(record["link"])
    for name, stated in link["parts"].items():
        text = record["parts"].get(name)
        content = text.encode("utf-8") if text is not None else pages.get(f"{number}/{name}")
        if content is None:
            if name not in record["missing"]:
                yield Alteration(f"{where}, {name}", "is missing")
        elif digest(content) != stated["sha256"]:
            yield Alteration(f"{where}, {name}", "is not what was stored: its hash is another one")


def _pages(warc: bytes) -> Iterator[tuple[str, bytes]]:
    """The bodies of a WARC file by record and part."""
    at = 0
    while at < len(warc):
        head, _, _ = warc[at:].partition(b"\r\n\r\n")
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
        begins, length = at + len(head) + 4, int(fields[b"Content-Length"])
        block = warc[begins : begins + length]
        if b"Monitor-Part" in fields:
            is_http = fields[b"WARC-Type"] == b"response"
            body = block.partition(b"\r\n\r\n")[2] if is_http else block
            yield fields[b"Monitor-Part"].decode("ascii"), body
        at = begins + length + 4


def main(arguments: list[str]) -> int:
    """Verify the pack that is named, else the folder of this file; 1 when something was changed."""
    pack = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    findings, head = verify(pack)
    for finding in findings:
        sys.stdout.write(f"CHANGED  {finding}\n")
    if not findings:
        sys.stdout.write(f"OK  {pack}: nothing was changed since it was made. Its chain ends with {head}\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
