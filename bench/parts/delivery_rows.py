"""The rows of the delivery bench that break the service or Telegram. Each gives figures and a verdict."""

from __future__ import annotations

import random
import signal
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from parts.delivery_world import Result, World, alert, judge, server_for, wait
from tests.support.botapi.ledger import Call
from tests.support.botapi.server import Fault, Limits

Rule = Callable[[int | None, str], Fault | None]


def sigkill(folder: Path, *, kills: int, alerts: int, chats: int) -> Result:
    """SIGKILL at random points; what was in flight may come twice, marked."""
    dice = random.Random(1)
    with server_for(range(1, chats + 1)) as server:
        server.rule(lambda _chat, _method: Fault(kind="accept_delay", seconds=dice.uniform(0.0, 0.04)))
        world = World(folder=folder, base_url=server.base_url)
        expected = world.fill(range(1, chats + 1), alerts)
        in_flight = working = 0
        for number in range(kills):
            world.start()
            world.wait_up(number + 1)
            left = alerts - len(server.ledger)
            working += left > 0
            time.sleep(dice.uniform(0.0, 2 * left / max(1, kills - number) / 110))
            world.end(signal.SIGKILL)
            in_flight += world.in_flight()
        world.start()
        world.settle(600)
        world.end(signal.SIGTERM)
        verdict = judge(server.ledger, expected)
    return Result(
        figures={"kills": kills, "while working": working, "in flight": in_flight, **asdict(verdict)},
        holds=not (verdict.lost or verdict.order_breaks or verdict.unmarked or verdict.strangers)
        and verdict.repeats <= in_flight,
    )


def sigterm(folder: Path, *, restarts: int, alerts: int, chats: int) -> Result:
    """SIGTERM drains: nothing lost, nothing repeated."""
    dice = random.Random(2)
    with server_for(range(1, chats + 1)) as server:
        server.rule(lambda _chat, _method: Fault(kind="accept_delay", seconds=dice.uniform(0.0, 0.04)))
        world = World(folder=folder, base_url=server.base_url)
        expected = world.fill(range(1, chats + 1), alerts)
        stops = []
        for number in range(restarts):
            world.start()
            world.wait_up(number + 1)
            left = alerts - len(server.ledger)
            time.sleep(dice.uniform(0.0, 2 * left / max(1, restarts - number) / 110))
            stops.append(world.end(signal.SIGTERM))
        world.start()
        world.settle(600)
        world.end(signal.SIGTERM)
        verdict = judge(server.ledger, expected)
    return Result(
        figures={"restarts": restarts, "slowest stop s": round(max(stops), 2), **asdict(verdict)},
        holds=not any(asdict(verdict).values()) and max(stops) < 30,
    )


def throttled(folder: Path, *, alerts: int, chats: int, per_second: float) -> Result:
    """429 with retry_after on a tenth of the sends, all of them to a fifth of the chats.

    Alerts come in steadily, so that lateness is the service's and not the queue's.
    """
    people = range(1, chats + 1)
    flooded = set(people[: chats // 5])
    calm = _steady(folder / "calm", people, alerts=alerts, per_second=per_second, rule=None, apart=flooded)
    dice = random.Random(3)
    asked: dict[int, list[int]] = defaultdict(list)

    def rule(chat: int | None, _method: str) -> Fault | None:
        # Half of the sends to a fifth of the chats is a tenth of all.
        if chat not in flooded or dice.random() >= 0.5:
            return None
        seconds = dice.randint(1, 2)
        asked[chat].append(seconds)
        return Fault(kind="throttled", retry_after=seconds)

    stormy = _steady(
        folder / "stormy", people, alerts=alerts, per_second=per_second, rule=rule, apart=flooded
    )
    early = sum(
        following.at < call.at + seconds.pop(0)
        for chat, calls in stormy.calls.items()
        for seconds in [list(asked[chat])]
        for call, following in pairwise(calls)
        if call.status == 429
    )
    ratio = stormy.p95 / calm.p95
    return Result(
        figures={
            "refused": sum(map(len, asked.values())),
            "lost": stormy.lost + calm.lost,
            "early": early,
            "order_breaks": stormy.order_breaks,
            "others' p95 s": round(stormy.p95, 3),
            "without faults s": round(calm.p95, 3),
            "ratio": round(ratio, 2),
        },
        holds=not (stormy.lost or calm.lost or early or stormy.order_breaks) and ratio < 2,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    p95: float
    lost: int
    order_breaks: int
    calls: dict[int, list[Call]]


def _steady(
    folder: Path, people: range, *, alerts: int, per_second: float, rule: Rule | None, apart: set[int]
) -> _Run:
    with server_for(people) as server:
        server.rule(rule)
        world = World(folder=folder, base_url=server.base_url)
        expected = world.fill(people, 0)
        world.start()
        world.wait_up(1)
        made: dict[int, datetime] = {}
        began = time.monotonic()
        with world.store() as store:
            for number in range(alerts):
                time.sleep(max(0.0, began + number / per_second - time.monotonic()))
                chat = people[number % len(people)]
                now = world.clock()
                made[number] = now
                expected[chat].append(number)
                store.outbox.add([alert(chat, number, now)], now)
        world.settle(300)
        world.end(signal.SIGTERM)
        verdict = judge(server.ledger, expected)
        late = [
            (row.at - made[int(row.text.split()[3])]).total_seconds()
            for row in server.ledger
            if row.chat_id not in apart
        ]
        calls: dict[int, list[Call]] = defaultdict(list)
        for call in server.calls:
            if call.chat_id is not None:
                calls[call.chat_id].append(call)
    p95 = statistics.quantiles(late, n=20)[-1]
    return _Run(p95=p95, lost=verdict.lost, order_breaks=verdict.order_breaks, calls=calls)


def limits(folder: Path, *, alerts: int, chats: int, groups: int) -> Result:
    """Telegram's limits enforced by the server: hardly a 429, and still fast."""
    people = [*range(1, chats - groups + 1), *(-number for number in range(1, groups + 1))]
    with server_for(people, limits=Limits()) as server:
        pace = {"per_second": 30, "per_chat_per_second": 1, "per_group_per_minute": 20}
        world = World(folder=folder, base_url=server.base_url, alerts=pace)
        # Groups may hear a third of what people may: they get their share of what is said.
        expected = world.fill(people, alerts)
        world.start()
        world.wait_up(1)
        world.settle(60 + alerts / 5)
        world.end(signal.SIGTERM)
        verdict = judge(server.ledger, expected)
        refused = sum(call.status == 429 for call in server.calls)
        rows = server.ledger
    # The end of the queue is what groups have left at 20 a minute each: "when enough chats wait".
    enough = rows[: int(len(rows) * 0.9)]
    rate = (len(enough) - 1) / (enough[-1].at - enough[0].at).total_seconds()
    share = refused / len(server.calls)
    return Result(
        figures={
            "a second": round(rate, 1),
            "429s": refused,
            "429 share": round(share, 5),
            **asdict(verdict),
        },
        holds=rate >= 25 and share < 0.001 and not any(asdict(verdict).values()),
    )


def refusals(folder: Path, *, alerts: int) -> Result:
    """403, 400 and moved chats mixed: no loop, one plain try, every row moves."""
    people = list(range(1, 31))
    blocked, odd, wrong = people[:6], people[6:12], people[12:18]
    groups = [-number for number in range(1, 11)]
    entities = "Bad Request: can't parse entities: Unsupported start tag"
    with server_for([*people, *groups]) as server:
        world = World(folder=folder, base_url=server.base_url)
        expected = world.fill([*people, *groups], alerts)
        share = len(expected[people[0]])
        for chat in odd:
            server.script(chat, Fault(kind="bad_request", description=entities))
        for chat in wrong:
            server.script(chat, Fault(kind="bad_request", description=entities), times=2)
        for chat in blocked:
            server.block(chat)
        for chat in groups:
            server.migrate(chat, -1_000_000_000_000 + chat)
            expected[-1_000_000_000_000 + chat] = expected.pop(chat)
        for chat in [*blocked, *wrong]:
            # The first alert of a chat that refuses it twice, and all of one that blocked us, are dead.
            expected[chat] = [] if chat in blocked else expected[chat][1:]
        world.start()
        world.settle(300)
        world.end(signal.SIGTERM)
        verdict = judge(server.ledger, expected)
        calls = Counter(call.chat_id for call in server.calls)
        plain = {
            chat: sum(not row.html.count("<") for row in server.ledger if row.chat_id == chat) for chat in odd
        }
        with world.store() as store:
            left = sum(
                item.chat_id.startswith("telegram:-") and len(item.chat_id) < 15
                for item in store.outbox.list(limit=100_000)
            )
            paused = sum(chat.state == "paused" for chat in store.chats.all())
    one_call = all(calls[chat] == 1 for chat in [*blocked, *groups])
    one_more = all(calls[chat] == share + 1 for chat in [*odd, *wrong])
    return Result(
        figures={
            "calls": calls.total(),
            "plain tries": sum(plain.values()),
            "paused": paused,
            "rows left behind": left,
            **asdict(verdict),
        },
        holds=one_call
        and one_more
        and plain == dict.fromkeys(odd, 1)
        and paused == len(blocked)
        and not left
        and not any(asdict(verdict).values()),
    )


def doubtful(folder: Path, *, faults: int) -> Result:
    """Hang, drop, 502 after the message was taken: a marked resend for each, none where it is held."""
    people = range(1, 51)
    held = set(people[::2])
    kinds = ("accept_hang", "accept_drop", "accept_bad_gateway")
    with server_for(people) as server:
        world = World(folder=folder, base_url=server.base_url, read_timeout_s=1.5)
        expected = world.fill(people, faults * 8)
        with world.store() as store:
            for chat in held:
                store.chats.prefer(f"telegram:{chat}", {"unsure": "hold"}, world.clock())
                known = store.chats.chat(f"telegram:{chat}")
                assert known is not None
                assert known.unsure == "hold"
        left = Counter(kinds[number % 3] for number in range(faults))
        dice = random.Random(4)

        def rule(_chat: int | None, _method: str) -> Fault | None:
            # Spread, until all happened; six in a row would be an outage, which is another row.
            kind = dice.choice([kind for kind in kinds if left[kind]] or kinds)
            if dice.random() >= 0.15 or not left[kind]:
                return None
            left[kind] -= 1
            return Fault(kind=kind, seconds=2.5)  # type: ignore[arg-type]

        server.rule(rule)
        world.start()
        open_ones = ("pending", "sending")

        def through() -> bool:
            with world.store() as store:
                return not store.outbox.list(states=open_ones, limit=1) and not [
                    item
                    for item in store.outbox.list(states=("unsure",), limit=10_000)
                    if int(item.chat_id.partition(":")[2]) not in held
                ]

        wait(through, 60 + faults * 8, "not all is sent", every_s=0.5)
        world.end(signal.SIGTERM)
        with world.store() as store:
            kept = len(store.outbox.list(states=("unsure",), limit=10_000))
        resent = judge(server.ledger, {chat: expected[chat] for chat in people if chat not in held})
        holding = judge(server.ledger, {chat: expected[chat] for chat in held})
        times = Counter((row.chat_id, row.text.split()[3]) for row in server.ledger)
    happened = faults - sum(left.values())
    return Result(
        figures={
            "faults": happened,
            "repeats": resent.repeats,
            "most times one was seen": max(times.values()),
            "unmarked": resent.unmarked,
            "repeats where held": holding.repeats,
            "held for the operator": kept,
            "lost": resent.lost + holding.lost,
        },
        holds=happened == faults
        and resent.repeats <= happened
        and not (resent.unmarked or holding.repeats or resent.lost or holding.lost),
    )


def two_services(folder: Path, *, alerts: int) -> Result:
    """A second service started by mistake stands by, and takes over when the first dies."""
    people = range(1, 21)
    with server_for(people) as server:
        world = World(folder=folder, base_url=server.base_url)
        expected = world.fill(people, alerts)
        first = world.start()
        world.wait_up(1)
        second = world.start()
        wait(lambda: "standing by" in world.log.read_text(), 30, "the second does not stand by")
        stood_by = world.ups() == 1
        wait(lambda: len(server.ledger) > alerts // 2, 60, "nothing is sent")
        world.end(signal.SIGTERM, first)
        world.wait_up(2)
        world.settle(120)
        world.end(signal.SIGTERM, second)
        verdict = judge(server.ledger, expected)
    return Result(
        figures={"stood by": stood_by, **asdict(verdict)},
        holds=stood_by and not any(asdict(verdict).values()),
    )
