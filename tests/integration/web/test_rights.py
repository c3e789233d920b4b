"""Every route, asked without rights, with the wrong role, and by another site's page."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from fastapi.routing import APIRoute

from monitor.model import WebSettings
from monitor.web.guard import CSP, OPEN, OPEN_BELOW
from monitor.web.pages import ROUTERS
from tests.support.desk import PASSWORD, DeskWorld, running

ASKED_OPENLY = {*OPEN, "/feeds/{name}"}


def every_route() -> list[tuple[str, str]]:
    """(method, path) of all that the application answers, with made-up names in the paths."""
    own = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    found = [(method, route.path) for route in own for method in sorted(route.methods or ())]
    return [*found, ("GET", "/api/v1/openapi.json"), ("GET", "/nothing")]


ROUTES = [(method, path) for method, path in every_route() if method != "HEAD"]
CLOSED = [(method, path) for method, path in ROUTES if path not in ASKED_OPENLY]
CHANGING = [(method, path) for method, path in CLOSED if method not in {"GET", "OPTIONS"}]


def asked(world: DeskWorld, method: str, path: str, **kwargs: Any) -> requests.Response:
    address = world.base + path.replace("{", "x").replace("}", "")
    return requests.request(method, address, timeout=30, allow_redirects=False, **kwargs)


def test_the_walk_finds_the_routes() -> None:
    assert ("GET", "/sources/{source_id}") in ROUTES
    assert ("POST", "/sources/{source_id}/poll") in CHANGING
    assert len(CLOSED) > 8


def test_nothing_is_told_without_signing_in(guarded: DeskWorld) -> None:
    own = {"Origin": guarded.base, "Sec-Fetch-Site": "same-origin"}
    for method, path in CLOSED:
        for more in ({}, {"Authorization": "Bearer made-up"}, {"Cookie": "monitor-loopback=made-up"}):
            answer = asked(guarded, method, path, headers={**own, **more})
            led = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
            assert led or answer.status_code == 401, (method, path)
            assert "Herald" not in answer.text


def test_a_viewer_changes_nothing(guarded: DeskWorld) -> None:
    cookies = guarded.account("ann", "viewer").session.cookies.get_dict()
    for method, path in CHANGING:
        if path != "/sign-out":
            answer = asked(guarded, method, path, headers={"Origin": guarded.base}, cookies=cookies)
            assert answer.status_code == 403, (method, path)


def test_another_site_changes_nothing(guarded: DeskWorld) -> None:
    cookies = guarded.account("boss", "admin").session.cookies.get_dict()
    said: tuple[dict[str, str], ...] = (
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:1"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    )
    for method, path in (*CHANGING, ("POST", "/sign-in")):
        for headers in said:
            answer = asked(guarded, method, path, headers=headers, cookies=cookies)
            assert (answer.status_code, "another site" in answer.text) == (403, True), (method, path, headers)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "a b", ""]
)
def test_a_name_that_is_not_ours_is_refused(seen: DeskWorld, host: str) -> None:
    """DNS rebinding: a page of evil.example whose name now leads to 127.0.0.1."""
    answer = asked(seen, "GET", "/", headers={"Host": host})
    assert answer.status_code in {400, 421}
    assert "Herald" not in answer.text


@pytest.mark.parametrize("path", ["/", "/sources", "/healthz", "/static/desk.css", "/nothing", "/api/v1/now"])
def test_every_answer_carries_the_headers(seen: DeskWorld, path: str) -> None:
    headers = asked(seen, "GET", path).headers
    assert headers["content-security-policy"] == CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in CSP
    if not path.startswith(OPEN_BELOW[0]):
        assert headers["cache-control"] == "no-store"


def test_a_session_is_over_at_once_when_it_is_ended_or_its_account_is_gone(world: DeskWorld) -> None:
    ann, bob = world.account("ann", "viewer"), world.account("bob", "viewer")
    stolen = ann.session.cookies.get_dict()
    assert ann.get("/").status_code == 200
    assert ann.post("/sign-out", allow_redirects=False).status_code == 303
    assert asked(world, "GET", "/", cookies=stolen).status_code == 303
    assert world.store.accounts.remove("bob")
    assert bob.get("/", allow_redirects=False).status_code == 303


def test_ten_wrong_passwords_close_the_door_also_for_the_right_one(world: DeskWorld) -> None:
    world.account("ann", "viewer")
    client = world.client()
    assert client.sign_in("nobody", "wrong password").text.count("Name or password is wrong.") == 1
    codes = [client.sign_in("ann", f"wrong {number}").status_code for number in range(10)]
    assert codes == [403] * 10
    assert client.sign_in("ann").status_code == 429
    assert world.client().get("/", allow_redirects=False).status_code == 303


def test_the_form_leads_back_to_a_page_of_ours_only(world: DeskWorld) -> None:
    world.account("ann", "viewer")
    for where, leads in (("/sources", "/sources"), ("//evil.example", "/"), ("/\\evil.example", "/")):
        form = {"name": "ann", "password": "correct horse battery", "next": where}
        assert world.client().post("/sign-in", form, allow_redirects=False).headers["location"] == leads


def test_passwords_and_sessions_are_stored_as_hashes(world: DeskWorld) -> None:
    client = world.account("ann", "viewer")
    (secret,) = client.session.cookies.get_dict().values()
    account = world.store.accounts.get("ann")
    assert account is not None
    assert account.password.startswith("$argon2id$")
    assert world.store.accounts.session(secret, world.at) is None


def test_a_large_body_is_refused(seen: DeskWorld) -> None:
    answer = seen.client().post("/sources/retry", {"x": "y" * 1_100_000})
    assert answer.status_code == 413


TLS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7, 198.51.100.9"}


def _behind(*proxies: str) -> WebSettings:
    return WebSettings(listen="127.0.0.1:0", hosts=("monitor.example.org",), proxies=proxies)


def _form(desk: DeskWorld, **headers: str) -> requests.Response:
    origin = {"Host": "monitor.example.org", "Sec-Fetch-Site": "same-origin", **TLS, **headers}
    form = {"name": "ann", "password": PASSWORD}
    return requests.post(f"{desk.base}/sign-in", form, headers=origin, timeout=30, allow_redirects=False)


def test_behind_a_listed_proxy_the_cookie_is_bound_to_the_host_and_to_tls(world: DeskWorld) -> None:
    world.account("ann", "viewer")
    with running(world.store, world.config, settings=_behind("127.0.0.1")) as desk:
        cookie = _form(desk).headers["set-cookie"]
        assert cookie.startswith("__Host-monitor=")
        for part in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"):
            assert part in cookie
        assert "Domain" not in cookie
        value = {"Cookie": cookie.partition(";")[0], "Host": "monitor.example.org"}
        seen = requests.get(
            f"{desk.base}/sources", headers={**TLS, **value}, timeout=30, allow_redirects=False
        )
        assert seen.status_code == 200
        plain = requests.get(f"{desk.base}/sources", headers=value, timeout=30, allow_redirects=False)
        assert plain.status_code == 303


def test_what_a_stranger_says_of_himself_is_not_believed(world: DeskWorld) -> None:
    """Without a listed proxy its headers are anybody's: attempts count for the real address."""
    world.account("ann", "viewer")
    with running(world.store, world.config, settings=_behind()) as desk:
        assert _form(desk).headers["set-cookie"].startswith("monitor-loopback=")
    with running(world.store, world.config, settings=_behind("127.0.0.1")) as desk:
        refused = _form(desk, **{"X-Forwarded-Proto": "http"})
        assert (refused.status_code, "over plain http" in refused.text) == (403, True)
        for number in range(30):
            world.store.accounts.note_attempt(f"guess{number}", "198.51.100.9", world.at)
        assert _form(desk).status_code == 429
        assert _form(desk, **{"X-Forwarded-For": "198.51.100.9, 203.0.113.5"}).status_code == 303


def test_without_an_account_nobody_comes_in_through_a_proxy(world: DeskWorld) -> None:
    assert asked(world, "GET", "/sources").status_code == 200
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert asked(world, "GET", "/sources", headers={name: "192.0.2.7"}).status_code == 303
    with running(world.store, world.config, settings=_behind("127.0.0.1")) as desk:
        assert asked(desk, "GET", "/sources").status_code == 303
