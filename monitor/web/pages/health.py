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
    """Counts in the text format of Prometheus; no names, no addresses, no headlines."""
    work, silent = desk.store.lists.open_work(), _silence_s(desk)
    uptime = desk.uptime()
    lines = ["# TYPE monitor_sources gauge"]
    lines += [
        f'monitor_sources{{health="{name}"}} {count}' for name, count in desk.store.lists.health().items()
    ]
    lines += ["# TYPE monitor_deliveries gauge"]
    lines += [f'monitor_deliveries{{state="{name}"}} {count}' for name, count in work.deliveries.items()]
    lines += ["# TYPE monitor_quarantined_jobs gauge", f"monitor_quarantined_jobs {work.quarantined}"]
    lines += ["# TYPE monitor_open_jobs gauge", f"monitor_open_jobs {desk.store.jobs.open_count()}"]
    for span, covered in (("24h", uptime.day), ("7d", uptime.week)):
        if covered.percent is not None:
            lines += [f'monitor_coverage_percent{{span="{span}"}} {covered.percent}']
    if silent is not None:
        lines += ["# TYPE monitor_heartbeat_age_seconds gauge", f"monitor_heartbeat_age_seconds {silent:.1f}"]
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


def _silence_s(desk: Desk) -> float | None:
    beat = desk.store.admin.last_heartbeat()
    return None if beat is None else max(0.0, (desk.ports.now() - beat).total_seconds())
