"""For watchers of watchers: alive, ready, figures for Prometheus. Open without signing in.

Alive and ready are answered without a thread of the pool: pages that wait for a store may hold them all.
"""

from __future__ import annotations

import asyncio
from typing import Final

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from monitor.core.watchdog import STORE_SILENT_S
from monitor.errors import StoreError
from monitor.web.desk import Desk, TheDesk

ASKS: Final = ("GET", "HEAD")
PATIENCE_S: Final = 5.0
health = APIRouter(include_in_schema=False)
ROUTERS = (health,)


@health.api_route("/healthz", methods=list(ASKS))
async def healthz(desk: TheDesk) -> Response:
    """The process answers: 200, which no new start would better; the text says whether it can work."""
    trouble = desk.store.admin.trouble()
    return PlainTextResponse(
        "ok\n" if trouble is None else f"alive; the store takes no writes: {trouble.reason}\n"
    )


@health.api_route("/readyz", methods=list(ASKS))
async def readyz(desk: TheDesk) -> Response:
    """The store takes writes: 200, or 503 with the reason."""
    trouble = desk.store.admin.trouble()
    if trouble is not None:
        return PlainTextResponse(f"{trouble.reason}\n", status_code=503)
    try:
        silent = await asyncio.wait_for(asyncio.to_thread(_silence_s, desk), PATIENCE_S)
    except StoreError as error:
        return PlainTextResponse(f"{error}\n", status_code=503)
    except TimeoutError:
        return PlainTextResponse(f"the store has not answered for {PATIENCE_S:g} s\n", status_code=503)
    if silent is not None and silent > STORE_SILENT_S:
        return PlainTextResponse(f"nothing was written for {silent:.0f} s\n", status_code=503)
    return PlainTextResponse("ok\n")


@health.api_route("/metrics", methods=list(ASKS))
def metrics(desk: TheDesk) -> Response:
    """The service's figures in the text format of Prometheus; no names, no addresses, no headlines."""
    return Response(desk.ports.metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _silence_s(desk: Desk) -> float | None:
    beat = desk.store.admin.last_heartbeat()
    return None if beat is None else max(0.0, (desk.ports.now() - beat).total_seconds())
