"""``monitor jobs``: work that was set aside (quarantined) after too many tries."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, emit, examples, say, table
from monitor.cli.pipeline.inputs import InputError, each

if TYPE_CHECKING:
    from monitor.model import Job
    from monitor.ports import Store

app = typer.Typer(
    help="Work that was set aside after too many tries.",
    no_args_is_help=True,
    epilog=examples("monitor jobs list", "monitor jobs retry --all"),
)


@app.command("list", epilog=examples("monitor jobs list", "monitor jobs list --json"))
def list_jobs(config: Path = CONFIG_OPTION, *, json: bool = JSON_OPTION) -> None:
    """Quarantined jobs, with what they were about and why they were set aside."""
    with opened(config) as (store, _):
        found = [(job, error, _subject(job, store)) for job, error in store.jobs.quarantined()]
    if json:
        for job, error, subject in found:
            emit(
                {
                    "kind": job.kind,
                    "key": job.key,
                    "about": subject,
                    "attempts": job.attempts,
                    "error": error,
                }
            )
        return
    if not found:
        say("No job is set aside.")
        return
    rows = ((job.kind, job.key[:12], subject, job.attempts, error) for job, error, subject in found)
    table("Jobs set aside", ("kind", "key", "about", "tries", "error"), rows)


@app.command(
    "retry",
    epilog=examples("monitor jobs retry 3f2a…", "monitor jobs retry poll:x", "monitor jobs retry --all"),
)
def retry(
    names: list[str] = typer.Argument(None, metavar="KEY|KIND:KEY"),
    config: Path = CONFIG_OPTION,
    *,
    every: bool = typer.Option(False, "--all", help="Every job that was set aside."),
    json: bool = JSON_OPTION,
) -> None:
    """Put quarantined jobs back to be tried from the start. The beginning of a key is enough."""
    if bool(names) == every:
        raise typer.BadParameter("name the keys of jobs, or say --all")
    with opened(config) as (store, _):
        found = [job for job, _ in store.jobs.quarantined()]

        def again(name: str) -> None:
            job = _named(name, found)
            if not store.jobs.requeue(job.kind, job.key):
                raise InputError(f"{name}: is no longer set aside")
            if json:
                emit({"kind": job.kind, "key": job.key, "state": "pending"})
            else:
                say(f"{job.kind} {job.key}: will be tried again.")

        code = each([_name(job) for job in found] if every else names, again, as_json=json)
    if every and not found and not json:
        say("No job is set aside: nothing to retry.")
    if code:
        raise typer.Exit(code)


def _named(name: str, found: Sequence[Job]) -> Job:
    """The one job of this name; else the one whose key begins like that."""
    same = [job for job in found if name in {job.key, _name(job)}]
    chosen = same or [job for job in found if job.key.startswith(name) or _name(job).startswith(name)]
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        raise InputError(f"{name}: no such job is set aside; see `monitor jobs list`")
    raise InputError(f"{name}: stands for several jobs: {', '.join(map(_name, chosen[:5]))}; say KIND:KEY")


def _name(job: Job) -> str:
    return f"{job.kind}:{job.key}"


def _subject(job: Job, store: Store) -> str:
    """The address that a job reads; for a poll the source."""
    if job.kind == "poll":
        return job.key
    about = store.articles.entry(job.key) if job.kind == "read" else store.articles.article(job.key)
    return about.url if about is not None else ""
