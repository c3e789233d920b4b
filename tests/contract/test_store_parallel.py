"""Eight writers in two processes on one store. Run as a script, this file is one of the processes."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.core.text.fingerprint import article_id, fingerprint
from monitor.errors import Conflict
from monitor.model import Article, Delivery, Event, Job, Outcome
from monitor.ports import Store
from monitor.store import open_store
from tests.contract.deciding import decided_by_keys
from tests.support.records import alert as said

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
SINCE = NOW - timedelta(days=3)
TEXTS, OUTLETS = 4, 6


def article(text_name: str, outlet: str) -> Article:
    url = f"https://{outlet}.example.org/{text_name}"
    text = " ".join(f"{text_name}word{n}" for n in range(50))
    keys = fingerprint(source_id=outlet, guid=url, canonical_url=url, title=text_name, lead=text, text=text)
    return Article(
        id=article_id(keys.url_key),
        entry_id=f"{text_name}-{outlet}",
        source_id=outlet,
        url=url,
        canonical_url=url,
        title=text_name,
        text=text,
        lead=text,
        fingerprint=keys,
        seen_at=NOW,
    )


def work(store: Store, owner: str, hosts: Path) -> None:
    """Read jobs until none is open; a lane's file stands for as long as its job runs."""
    while store.jobs.open_count():
        for job in store.jobs.claim(now=NOW, owner=owner, epoch=1, limit=2):
            (hosts / job.host_key).touch(exist_ok=False)
            item = article(*job.key.split("-"))
            while not placed(store, job, item, hosts / job.host_key):
                pass


def placed(store: Store, job: Job, item: Article, host_key: Path) -> bool:
    decision = decided_by_keys(store, item)
    delivery = Delivery(
        key=decision.placement.story_id,
        chat_id="console:main",
        kind="alert",
        payload=said(),
        created_at=NOW,
        not_before=NOW,
    )
    outcome = Outcome(placed=(decision,), deliveries=(delivery,))
    host_key.unlink(missing_ok=True)
    try:
        store.jobs.commit(job, outcome, now=NOW)
    except Conflict:
        return False
    return True


def main(url: str, name: str, hosts: str) -> None:
    """Four writers; any exception ends the process with an error."""
    store = open_store(url, now=lambda: NOW)
    failures: list[BaseException] = []

    def one(number: int) -> None:
        try:
            work(store, f"{name}{number}", Path(hosts))
        except BaseException as error:  # a thread's failure must fail the test
            failures.append(error)
            raise

    threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.admin.close()
    sys.exit(1 if failures else 0)


def test_eight_writers_place_every_article_once(store: Store, store_url: str, tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.mkdir()
    jobs = [
        Job(kind="read", key=f"text{text}-outlet{outlet}", host_key=f"host{outlet}")
        for text in range(TEXTS)
        for outlet in range(OUTLETS)
    ]
    store.jobs.add(jobs, NOW)

    processes = [
        subprocess.Popen([sys.executable, __file__, store_url, name, str(hosts)], stderr=-1) for name in "ab"
    ]
    for process in processes:
        _, said = process.communicate(timeout=100)
        assert process.returncode == 0, said.decode()

    found = list(store.articles.since(SINCE))
    assert len(found) == TEXTS * OUTLETS
    status = store.admin.status()
    assert (status["stories"], status["deliveries"]) == (TEXTS, {"pending": TEXTS})
    for delivery in store.outbox.list():
        story = store.articles.story(delivery.key)
        assert story is not None
        assert len(story.articles) == OUTLETS
        assert len([one for one in story.articles if one.copy_of is None]) == 1


def test_threads_that_write_at_once_all_get_through(store: Store) -> None:
    def write(name: str) -> None:
        for number in range(25):
            event = Event(kind="broke", subject=f"{name}{number}", text="oh", at=NOW)
            store.outbox.add_events([event])
            store.outbox.untold_events(limit=5)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    told = [event.subject for _, event in store.outbox.untold_events(limit=1000)]
    assert len(set(told)) == len(told) == 150


if __name__ == "__main__":
    main(*sys.argv[1:])
