"""For watchers of watchers: alive, ready, figures for Prometheus. Open without signing in."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from monitor.core.watchdog import STORE_SILENT_S
from monitor.errors import StoreError
from monitor.web.desk import Desk, TheDesk

health = APIRouter(include_in_schema=False)
ROUTERS = (health,)


@health.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


@health.get("/readyz")
def readyz(desk: TheDesk) -> Response:
    """The store takes writes: 200, or 503 with the reason."""
    try:
        silent = _silence_s(desk)
    except StoreError as error:
        return PlainTextResponse(f"{error}\n", status_code=503)
    if silent is not None and silent > STORE_SILENT_S:
        return PlainTextResponse(f"nothing was written for {silent:.0f} s\n", status_code=503)
    return PlainTextResponse("ok\n")


@health.get("/metrics")
def metrics(desk: TheDesk) -> Response:
    """The service's figures in the text format of Prometheus; no names, no addresses, no headlines."""
    return Response(desk.ports.metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _silence_s(desk: Desk) -> float | None:
    beat = desk.store.admin.last_heartbeat()
    return None if beat is None else max(0.0, (desk.ports.now() - beat).total_seconds())
