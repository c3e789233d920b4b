"""The desk in a real browser: with script and without, by keyboard and axe, on a telephone, in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page

from monitor.app import load_rulebook
from tests.support.browser import chromium
from tests.support.desk import DeskWorld, filled, migrated

SERIOUS = {"serious", "critical"}
HOSTILE = (
    "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script> potash sanctions"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrated(tmp_path_factory.mktemp("desk") / "store.db")


@pytest.fixture
def world(tmp_path: Path, empty_file: Path) -> Iterator[DeskWorld]:
    with filled(tmp_path, empty_file) as world:
        yield world


@contextmanager
def opened(browser: Browser, world: DeskWorld, **context: object) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what the browser complained of: refused styles, scripts, pictures, faults of ours."""
    said: list[str] = []

    def complained(message: ConsoleMessage) -> None:
        said.append(f"{message.type}: {message.text} {message.location}")

    def asked(dialog: Dialog) -> None:
        said.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    with browser.new_context(base_url=world.base, **context) as made:  # type: ignore[arg-type]
        page = made.new_page()
        page.on("console", complained)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", asked)
        yield page, said


def every_page(world: DeskWorld) -> list[str]:
    story = world.client().get("/api/v1/stories").json()["stories"][0]["id"]
    article = world.client().get(f"/api/v1/stories/{story}").json()["first"]["article_id"]
    key = world.client().get("/api/v1/outbox").json()["deliveries"][0]["key"]
    fixed = ["/", "/why", "/topics", "/topics/potash", "/topics/new", "/stories", "/search", "/sources"]
    fixed += [
        "/sources/herald",
        "/sources/new",
        "/outbox",
        "/chats",
        "/review",
        "/sign-in",
        "/search?q=Minsk",
    ]
    return [*fixed, f"/stories/{story}", f"/articles/{article}", f"/why?q={article}", f"/outbox/{key}"]


def test_every_page_is_usable_by_everybody(browser: Browser, world: DeskWorld) -> None:
    """Axe finds nothing serious, light and dark; 360 pixels are wide enough; nothing is refused."""
    world.poll("wire", health="failing", error="HTTP 503 Service Unavailable", failures=4)
    paths = every_page(world)
    for scheme in ("light", "dark"):
        with opened(browser, world, color_scheme=scheme, viewport={"width": 360, "height": 740}) as (
            page,
            said,
        ):
            for path in paths:
                assert page.goto(path).status == 200, path  # type: ignore[union-attr]
                found = Axe().run(page).response["violations"]
                serious = [
                    (each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in SERIOUS
                ]
                assert serious == [], (scheme, path)
                width = page.evaluate("document.documentElement.scrollWidth")
                assert width <= 360, (path, width)
            assert said == []


def test_a_topic_is_edited_tried_and_saved(browser: Browser, world: DeskWorld) -> None:
    with opened(browser, world) as (page, said):
        page.goto("/topics/potash")
        page.get_by_label("Query").fill("potash AND (")
        page.locator("#lint .bad").first.wait_for()
        page.get_by_label("Query").fill("potash OR Minsk")
        page.get_by_text("The query reads well.").wait_for()
        assert page.locator("#lint mark", has_text="Minsk").count()
        page.get_by_role("button", name="Try it on the archive").click()
        page.get_by_text("+1 −0").wait_for()
        page.goto("/topics/potash")
        page.get_by_label("Query").fill("potash OR Minsk")
        page.get_by_label("Why (kept with the edit)").fill("Minsk too")
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text("Saved into the files.").wait_for()
        assert said == []
    assert load_rulebook(world.config, env={}).topics["potash"].query == "potash OR Minsk"


def test_everything_works_without_script(browser: Browser, world: DeskWorld) -> None:
    with opened(browser, world, java_script_enabled=False) as (page, _):
        page.goto("/why")
        page.get_by_label("An address, a headline").fill("https://herald.example/final")
        page.get_by_role("button", name="Ask").click()
        assert "It matches no topic." in page.content()
        page.goto("/topics/potash")
        page.get_by_label("Query").fill("potash OR Minsk")
        page.get_by_role("button", name="Try it on the archive").click()
        page.get_by_text("+1 −0").wait_for()
        page.goto("/search")
        page.get_by_role("searchbox").fill("Minsk")
        page.get_by_role("button", name="Search").click()
        assert page.locator("mark").count()


def test_what_an_outlet_writes_runs_nowhere(browser: Browser, world: DeskWorld) -> None:
    number = world.keep("hostile", f"{HOSTILE} stay. Potash sanctions stay, says {HOSTILE} again.")
    story = world.store.articles.story_of(number)
    assert story is not None
    world.store.articles.index()
    with opened(browser, world) as (page, said):
        for path in (
            "/stories",
            f"/stories/{story.id}",
            f"/articles/{number}",
            "/search?q=potash",
            f"/why?q={number}",
        ):
            page.goto(path)
            assert page.title() != "hacked"
            assert page.locator("main img, main script").count() == 0
        page.goto("/topics/potash")
        page.get_by_label("Query").fill("potash")
        page.get_by_text("The query reads well.").wait_for()
        assert page.locator("#lint img").count() == 0
        assert said == []


def test_the_keyboard_is_enough(browser: Browser, world: DeskWorld) -> None:
    with opened(browser, world) as (page, _):
        page.goto("/search")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("/")
        page.keyboard.type("Minsk")
        page.keyboard.press("Enter")
        page.locator("mark").first.wait_for()
