"""WebSub against a real hub on loopback: subscribe, verify, push, forged pushes, refusal."""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import requests

from tests.integration.test_inbox import free_port
from tests.support.running_service import Running, until

ITEM = (
    "<item><title>{0}</title><link>{1}/{2}</link><guid>{1}/{2}</guid>"
    "<description>{0} in words.</description></item>"
)


@dataclass(slots=True)
class HubAndFeed:
    """A feed that names a hub (in its Link header or its body), and that hub, on one host."""

    in_header: bool
    deny: bool = False
    titles: list[str] = field(default_factory=lambda: ["Old news of the harbour"])
    asked: list[dict[str, str]] = field(default_factory=list)
    verified: list[str] = field(default_factory=list)
    polls: int = 0
    url: str = ""

    def feed(self) -> bytes:
        items = "".join(
            ITEM.format(title, self.url, title.lower().replace(" ", "-")) for title in self.titles
        )
        links = f'<atom:link rel="hub" href="{self.url}/hub"/><atom:link rel="self" href="{self.url}/rss"/>'
        head = "<title>Pushed</title>" + ("" if self.in_header else links)
        space = 'xmlns:atom="http://www.w3.org/2005/Atom"'
        return f'<rss version="2.0" {space}><channel>{head}{items}</channel></rss>'.encode()

    def subscribe(self, form: dict[str, str]) -> None:
        """Ask the subscriber whether it meant it, as a hub does after its answer."""
        self.asked.append(form)
        query = {"hub.topic": form["hub.topic"]}
        if self.deny:
            requests.get(
                form["hub.callback"], {**query, "hub.mode": "denied", "hub.reason": "full"}, timeout=10
            )
            return
        query |= {"hub.mode": "subscribe", "hub.challenge": "c-123", "hub.lease_seconds": "600"}
        wrong = requests.get(form["hub.callback"], {**query, "hub.topic": "https://x.example"}, timeout=10)
        right = requests.get(form["hub.callback"], query, timeout=10)
        self.verified += [str(wrong.status_code), right.text]

    def push(self, *, forged: bool = False) -> int:
        form, body = self.asked[-1], self.feed()
        secret = "wrong" if forged else form["hub.secret"]
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature": f"sha256={digest}", "Content-Type": "application/rss+xml"}
        return requests.post(form["hub.callback"], body, headers=headers, timeout=10).status_code


@contextmanager
def served(site: HubAndFeed) -> Iterator[HubAndFeed]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_feed = self.path == "/rss"
            site.polls += is_feed
            body = site.feed() if is_feed else b"<html><p>An article.</p></html>"
            self.send_response(200)
            if is_feed and site.in_header:
                self.send_header("Link", f'<{site.url}/hub>; rel="hub", <{site.url}/rss>; rel="self"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(data).items()}
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()
            threading.Thread(target=site.subscribe, args=(form,), daemon=True).start()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def watching(site: HubAndFeed, tmp_path: Path) -> Iterator[Running]:
    config, port = tmp_path / "config", free_port()
    (config / "topics").mkdir(parents=True)
    (config / "topics" / "t.yaml").write_text("topics:\n  - {id: trams, query: tram, languages: [en]}\n")
    (config / "sources").mkdir()
    (config / "sources" / "s.yaml").write_text(
        f"sources:\n  - {{id: pushed, url: '{site.url}/rss', every: 6h, allow_private: true}}\n"
    )
    (config / "chats.yaml").write_text("chats:\n  - {id: 'console:main', subscriptions: ['*']}\n")
    (config / "monitor.yaml").write_text(
        f"store: sqlite:///{config}/monitor.db\nfetch: {{host_delay_s: 0, full_pages: false}}\n"
        f"receiver: {{listen: '127.0.0.1:{port}', public_url: 'http://127.0.0.1:{port}'}}\n"
    )
    service = Running(config=config, log=tmp_path / "log")
    service.start()
    try:
        until(service.up)
        yield service
    finally:
        service.kill()


def test_a_pushed_article_is_told_hours_before_the_next_poll(tmp_path: Path) -> None:
    with served(HubAndFeed(in_header=False)) as site, watching(site, tmp_path) as service:
        until(lambda: len(site.verified) == 2, timeout_s=60)
        assert site.verified == ["404", "c-123"]
        form = site.asked[0]
        assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", f"{site.url}/rss")
        assert len(form["hub.secret"]) >= 32
        polls = site.polls
        site.titles.insert(0, "Mayor opens the tram line")
        assert site.push(forged=True) == 202
        assert site.push() == 202
        until(lambda: "Mayor opens the tram line" in service.said(), timeout_s=30)
        assert site.polls == polls + 1  # the forged one made nobody look
        assert form["hub.secret"] not in service.said()
        guess = re.sub(r"[0-9a-f]{32}$", "0" * 32, form["hub.callback"])
        assert requests.post(guess, b"x", timeout=10).status_code == 410
        assert requests.get(guess, timeout=10).status_code == 404


def test_a_hub_in_the_header_that_refuses_is_not_asked_again(tmp_path: Path) -> None:
    with served(HubAndFeed(in_header=True, deny=True)) as site, watching(site, tmp_path) as service:
        until(lambda: "a hub refuses" in service.said(), timeout_s=60)
        assert len(site.asked) == 1
        assert urlsplit(site.asked[0]["hub.callback"]).path.startswith("/websub/pushed/")
