"""``make screens``: the README's pictures, from what the real service really said.

The whole service runs against the bundled newsroom and the Bot API server on loopback; a few people
talk to its bot; what their phones would show is drawn.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from monitor.app import Service, utc_now
from monitor.bot import attach
from monitor.demo.newsroom.service import Newsroom
from monitor.logs import configure
from tests.support.botapi.server import TOKEN, BotApiServer
from tests.support.botapi.world import ME, Json
from tests.support.screens.svg import draw

ANN, ALES, OLA = 1001, 1002, 1003
PATIENCE_S = 60.0
CALM_S = 6.0


def make(folder: Path) -> tuple[Path, ...]:
    """Write every picture into ``folder``; returns their paths. Takes about half a minute."""
    configure(level=logging.ERROR, json_lines=False)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["MONITOR_TELEGRAM_TOKEN"] = TOKEN
    paths = []
    with BotApiServer() as server, Newsroom(now=utc_now, speed=50) as newsroom, _service(server, newsroom):
        for name, scene in _SCENES.items():
            path = folder / f"{name}.svg"
            path.write_text(draw(scene(server), bot_id=_bot_id()), encoding="utf-8")
            paths.append(path)
    return tuple(paths)


@contextmanager
def _service(server: BotApiServer, newsroom: Newsroom) -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="coverage-monitor-screens-") as name:
        config = Path(name) / "config"
        newsroom.write_config(config, every_s=1.0, chats=[], telegram_base_url=server.base_url)
        with (config / "monitor.yaml").open("a", encoding="utf-8") as settings:
            settings.write("timezone: Europe/Vilnius\nalerts: {per_chat_per_second: 50}\n")
        service = Service(config, attach=(attach,))
        thread = threading.Thread(target=service.run, name="service")
        thread.start()
        try:
            yield
        finally:
            service.stop()
            thread.join()


def _setup(server: BotApiServer) -> Sequence[Json]:
    """A Belarusian speaker takes topics."""
    server.say(ALES, "/start", name="Ales", language="be")
    _seen(server, ALES, lambda text: "Якой" in text or "якой" in text)
    server.tap(ALES, "Беларуская")
    _buttons(server, ALES, "▶")
    for topic in ("Political prisoners", "Potash"):
        server.tap(ALES, topic)
        _buttons(server, ALES, f"✅ {topic}")
    return _shown(server, ALES)


def _alerts(server: BotApiServer) -> Sequence[Json]:
    """Alerts in the chat's own and in another language, with copies named as they appear."""
    server.say(ANN, "/subscribe all", name="Ann", language="en")
    _seen(server, ANN, lambda text: "also in" in text)
    _seen(server, ANN, lambda text: "Belarusian" in text)
    messages = _shown(server, ANN)
    living = next(item for item in messages if "also in" in str(item.get("text")))
    foreign = next(item for item in messages if "Belarusian" in str(item.get("text")) and item != living)
    return [living, foreign]


def _watch(server: BotApiServer) -> Sequence[Json]:
    """A mistake is shown with its place; the mended query is tried on the archive."""
    _calm(server)
    before = len(_shown(server, OLA))
    server.say(OLA, "/watch titel:potash", name="Ola", language="en")
    _seen(server, OLA, lambda text: "cannot read" in text)
    server.say(OLA, '/watch potash AND (sanctions OR "export licence")', language="en")
    _seen(server, OLA, lambda text: "would have matched" in text)
    return _shown(server, OLA)[before:]


def _why(server: BotApiServer) -> Sequence[Json]:
    """Why an alert came, and the menu that mutes."""
    alert = next(item for item in _shown(server, ANN) if _labels(item)[:1] == ["🧵 Story"])
    number = alert["message_id"]
    assert isinstance(number, int)
    server.tap(ANN, "Why", message_id=number)
    _seen(server, ANN, lambda text: "because of" in text)
    server.tap(ANN, "Mute", message_id=number)
    _wait(lambda: "This story" in str(server.world.messages[ANN, number].get("reply_markup")))
    told = next(item for item in _shown(server, ANN) if "because of" in str(item.get("text")))
    return [server.world.messages[ANN, number], told]


_SCENES: dict[str, Callable[[BotApiServer], Sequence[Json]]] = {
    "set-up": _setup,
    "alerts": _alerts,
    "watch": _watch,
    "why": _why,
}


def _shown(server: BotApiServer, chat_id: int) -> list[Json]:
    """What stands in the chat now, from above to below."""
    with server.world.lock:
        return [message for (chat, _), message in sorted(server.world.messages.items()) if chat == chat_id]


def _labels(message: Json) -> list[str]:
    markup = message.get("reply_markup")
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    return [str(button["text"]) for row in rows for button in row]


def _seen(server: BotApiServer, chat_id: int, like: Callable[[str], bool]) -> None:
    _wait(lambda: any(like(str(item.get("text", ""))) for item in _shown(server, chat_id)))


def _buttons(server: BotApiServer, chat_id: int, label: str) -> None:
    _wait(lambda: any(label in text for item in _shown(server, chat_id) for text in _labels(item)))


def _wait(enough: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not enough():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not seen within {PATIENCE_S:.0f} s: the service does not say what it should")
        time.sleep(0.1)


def _calm(server: BotApiServer) -> None:
    """Until nobody was told anything for a while: by then the archive holds what there is."""
    count, since = -1, time.monotonic()
    while time.monotonic() - since < CALM_S:
        if len(server.ledger) != count:
            count, since = len(server.ledger), time.monotonic()
        time.sleep(0.1)


def _bot_id() -> int:
    number = ME["id"]
    assert isinstance(number, int)
    return number


if __name__ == "__main__":
    for written in make(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screens")):
        sys.stdout.write(f"{written}\n")
