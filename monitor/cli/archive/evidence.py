"""``monitor evidence``: what was kept to prove later what an outlet published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.archive.report import span_of
from monitor.cli.output import CONFIG_OPTION, EXIT_INPUT, JSON_OPTION, complain, counted, emit, examples, say
from monitor.cli.pipeline.inputs import InputError

if TYPE_CHECKING:
    from monitor.core.evidence.cases import Case
    from monitor.core.evidence.verifier import Alteration
    from monitor.core.rulebook import Rulebook
    from monitor.model import EvidenceRecord
    from monitor.ports import Store

app = typer.Typer(
    help="What was kept to prove later what an outlet published (docs/evidence.md).",
    no_args_is_help=True,
    epilog=examples("monitor evidence export belarus --since 30d", "monitor evidence verify"),
)
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_BYTES = 1_000_000_000


@app.command(
    "export",
    epilog=examples(
        "monitor evidence export belarus --since 30d --output case.zip",
        "monitor evidence export https://outlet.example/article",
    ),
)
def export(
    case: list[str] = typer.Argument(
        ..., metavar="CASE", help="Topics, stories, articles (ids or addresses)."
    ),
    config: Path = CONFIG_OPTION,
    since: str = typer.Option("", "--since", "-s", help="Only of the last 12h, 7d, 30d.", metavar="SPAN"),
    output: Path = typer.Option(Path("evidence.zip"), "--output", "-o", help="The file.", metavar="FILE"),
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Write a zip file: pages (WARC), records (JSON), a report, and a verifier that needs only Python."""
    from monitor.core.evidence.verifier import digest, verify

    now = datetime.now(UTC)
    begins = now - span_of(since) if since else None
    with opened(config) as (store, rulebook):
        n, head = store.evidence.head()
        found = [each for each in _records(store, rulebook, case, begins or _FIRST, now) if each.n <= n]
        if not found:
            raise InputError(_empty(case, since, rulebook))
        content = _pack(store, found, _case(case, begins, now, (n, head)))
    try:
        output.write_bytes(content)
    except OSError as error:
        raise InputError(f"{output}: {error.strerror}") from error
    findings, _ = verify(output)
    if json:
        told = {"file": str(output), "records": len(found), "bytes": len(content), "sha256": digest(content)}
        emit({**told, "head": {"n": n, "hash": head}, "findings": [str(finding) for finding in findings]})
    else:
        say(f"{output}: {counted(len(found), 'reading')}, {len(content):,} bytes")
        say(f"SHA-256 of the file: {digest(content)}")
        say(f"The chain ends with record {n}, {head}: write it down elsewhere.")
    _end(findings)


@app.command("verify", epilog=examples("monitor evidence verify", "monitor evidence verify case.zip"))
def verify_command(
    pack: Path | None = typer.Argument(None, metavar="FILE", help="A pack; without one, the store itself."),
    config: Path = CONFIG_OPTION,
    head: str = typer.Option("", "--head", help="A hash written down earlier: it must be in the chain."),
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Say whether anything was changed, cut or taken away since it was kept, and where first."""
    from monitor.core.evidence.stored import ChainCheck
    from monitor.core.evidence.verifier import Alteration, verify

    if pack is not None:
        if not pack.exists():
            raise InputError(f"{pack}: no such file")
        findings, hashed = verify(pack)
        if head and head != hashed:
            findings = [*findings, Alteration(str(pack), f"its chain does not end with {head}")]
        told, n, parts = f"{pack}: nothing was changed. Its chain ends with {hashed}", None, None
    else:
        with opened(config) as (store, _):
            check = ChainCheck(pruned_through=store.evidence.pruned_through(), sought=head)
            findings = list(check.findings(store.evidence.records()))
        n, hashed, parts = check.n, check.hash, check.parts
        if head and not check.met:
            findings.append(Alteration("the chain", f"{head} is not in it: it was cut or written anew"))
        told = "Nothing was kept yet: `evidence: {keep: on}` in monitor.yaml keeps it."
        if n:
            counts = f"{counted(n, 'record')}, {counted(parts, 'part')}"
            told = f"{counts}: nothing was changed. The chain ends with {hashed}"
    if json:
        emit(
            {"records": n, "parts": parts, "head": hashed, "findings": [str(finding) for finding in findings]}
        )
    elif not findings:
        say(told)
    _end(findings)


def _pack(store: Store, found: Sequence[EvidenceRecord], case: Case) -> bytes:
    from monitor.core.evidence.cases import unpacked_record
    from monitor.core.evidence.pack import pack_of

    records, size = [], 0
    for record in found:
        records.append(unpacked_record(record))
        size += sum(map(len, records[-1].parts.values()))
        if size > _MOST_BYTES:
            raise InputError("this case is larger than 1 GB: narrow it by --since or by its articles")
    return pack_of(case, records, store.evidence.hashes(records[0].n - 1, case.head[0]))


def _case(asked: Sequence[str], since: datetime | None, until: datetime, head: tuple[int, str]) -> Case:
    from monitor.core.evidence.cases import Case

    ends = until.isoformat(timespec="seconds")
    begins = since.isoformat(timespec="seconds") if since else ""
    return Case(asked=asked, since=begins, until=ends, made_at=ends, head=head)


def _end(findings: Sequence[Alteration]) -> None:
    for finding in findings:
        complain(f"CHANGED  {finding}")
    if findings:
        raise typer.Exit(EXIT_INPUT)


def _records(
    store: Store, rulebook: Rulebook, case: Sequence[str], since: datetime, until: datetime
) -> list[EvidenceRecord]:
    """What was kept of all that is asked for, oldest first, each once."""
    evidence = store.evidence
    found: dict[int, EvidenceRecord] = {}
    for name in case:
        records = evidence.of_topic(name, since, until)
        article = evidence.find_article(name)
        if not records and name not in rulebook.topics:
            ids = evidence.story_articles(name) or ((article,) if article else ())
            if not ids:
                raise InputError(f"{name}: names no topic, no story and no article that was ever read")
            records = evidence.of_articles(ids, since, until)
        found |= {record.n: record for record in records}
    return [found[n] for n in sorted(found)]


def _empty(case: Sequence[str], since: str, rulebook: Rulebook) -> str:
    what = f"{', '.join(case)}: no evidence was kept" + (f" in the last {since}" if since else "")
    if rulebook.settings.evidence.keep == "on":
        return (
            f"{what}; it is kept of articles that match a topic, from when `evidence: keep` was switched on"
        )
    return f"{what}; `evidence: {{keep: on}}` in monitor.yaml keeps it from now on"
