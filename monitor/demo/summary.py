"""What the demo's service did, counted and in words. Every article is counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from monitor.core.delivery.kinds import traits
from monitor.demo.newsroom.service import Newsroom
from monitor.model import Alert
from monitor.ports import Store

MOST = 10_000
COUNTS = ("articles read", "other articles", "stories told", "copies", "reports")


def counted(store: Store, newsroom: Newsroom, seconds: float) -> Mapping[str, object]:
    """Numbers by name. ``articles read`` is the sum of ``other articles`` and those that tell the stories
    alerted: one ``opening`` each story, then ``copies`` and ``reports`` of other outlets."""
    sent = store.outbox.list(states=("sent",), limit=MOST)
    kinds = Counter[str](delivery.kind for delivery in sent)
    alerts = [item.payload for item in sent if traits(item).opens_story and isinstance(item.payload, Alert)]
    topics = Counter(topic.id for alert in alerts for topic in alert.topics)
    told = {alert.story_id: store.articles.story_of(alert.article_id) for alert in alerts}
    stories = {story.id: story for story in told.values() if story is not None}
    articles = [article for story in stories.values() for article in story.articles]
    copies = sum(article.copy_of is not None for article in articles)
    status = store.admin.status()
    read = int(str(status["articles"])) + int(str(status["seen"]))
    return {
        "seconds": round(seconds, 1),
        "outlets": len(newsroom.outlets),
        **status,
        "alerts sent": kinds["alert"],
        "edits sent": kinds["edit"],
        "replies sent": kinds["reply"],
        "corrections sent": kinds["revision"],
        "notices sent": kinds["notice"],
        "alerts by topic": dict(topics.most_common()),
        "languages": len({outlet.language for outlet in newsroom.outlets.values()}),
        "articles read": read,
        "other articles": read - len(articles),
        "stories told": len(stories),
        "copies": copies,
        "reports": len(articles) - copies - len(stories),
    }


def in_words(summary: Mapping[str, object]) -> tuple[str, ...]:
    """The summary as sentences whose numbers add up."""

    def many(name: str, one: str, more: str = "") -> str:
        count = int(str(summary[name]))
        return f"{count} {one if count == 1 else more or one + 's'}"

    number = {name: int(str(summary[name])) for name in COUNTS}
    telling = number["articles read"] - number["other articles"]
    further = number["copies"] + number["reports"]
    topics = summary["alerts by topic"]
    assert isinstance(topics, Mapping)
    by_topic = ", ".join(f"{name} {count}" for name, count in topics.items()) or "none"
    read = many("articles read", "article")
    outlets, stories = many("outlets", "outlet"), many("stories told", "story", "stories")
    whole = (
        f"{read} in {summary['languages']} languages from {outlets} → {stories} → "
        f"{many('alerts sent', 'alert')}, in {summary['seconds']} seconds."
    )
    parts = (
        f"{telling} of them tell the {stories}: {number['stories told']} that opened one and {further} more, "
        f"which are {many('copies', 'copy', 'copies')} and {many('reports', 'report')} of other outlets. "
        f"The other {number['other articles']} have nothing to do with the topics, or were old "
        "when the service began."
    )
    instead = (
        f"Instead of further alerts: {many('edits sent', 'edit')} with outlets that write about it too, "
        f"{many('replies sent', 'reply', 'replies')} with a new fact, "
        f"{many('corrections sent', 'correction')} of a changed wording."
    )
    return (whole, parts, instead, f"Alerts by topic: {by_topic}.")
