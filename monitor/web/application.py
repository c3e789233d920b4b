"""The desk as an ASGI application: its pages, their JSON twins, and the gate before them."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from monitor import __version__
from monitor.chores.uptime import zone_of
from monitor.errors import MonitorError, QueryError, StoreUnavailable
from monitor.model import WebSettings
from monitor.ports import Ports
from monitor.web.backtests import Backtests
from monitor.web.desk import Desk
from monitor.web.guard import Guard
from monitor.web.pages import ROUTERS
from monitor.web.render import STATIC, Renderer


def application(ports: Ports, folder: Path, settings: WebSettings, *, loopback: bool) -> ASGIApp:
    """The whole desk. ``loopback``: it listens where only this machine reaches it."""
    app = routes(ports, folder)
    return Guard(app, ports=ports, settings=settings, loopback=loopback)


def routes(ports: Ports, folder: Path) -> FastAPI:
    """The desk without its gate."""
    app = FastAPI(
        title="Coverage Monitor",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    renderer = Renderer(zone=lambda: zone_of(ports.rulebook()), now=ports.now)
    app.state.desk = Desk(ports=ports, folder=folder, renderer=renderer, backtests=Backtests(ports))
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(MonitorError, _refused)
    app.add_exception_handler(Exception, _fault)
    return app


def _fault(request: Request, error: Exception) -> Response:
    """A fault of ours; uvicorn writes the traceback into the log."""
    return _told(
        request, 500, f"a fault of the desk's own ({type(error).__name__}); the service's log has it"
    )


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _told(request, error.status_code, str(error.detail))


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    said = "; ".join(
        f"{'.'.join(str(part) for part in each['loc'][1:])}: {each['msg']}" for each in error.errors()
    )
    return _told(request, 422, said or "the request cannot be read")


def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, StoreUnavailable):
        return _told(request, 503, f"{error}")
    return _told(request, 422 if isinstance(error, QueryError) else 409, f"{error}")


def _told(request: Request, status: int, reason: str) -> Response:
    """A sentence: as JSON for programs, as a page for people."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": reason}, status_code=status)
    desk: Desk = request.app.state.desk
    return desk.renderer.page("error.html", status, reason=reason, code=status)
