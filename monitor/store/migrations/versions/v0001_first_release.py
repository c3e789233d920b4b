"""Every table of the first release, and the full-text index.

A frozen copy of ``store.tables.schema``: later migrations change what stands here, so this one must
not follow it.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from monitor.store.tables.columns import KEY_CHARS, Clean, Json, Serial, Utc
from monitor.store.tables.packed import Packed, PackedJson

revision = "v0001"
down_revision = None
branch_labels = None
depends_on = None

_TYPES: Final[dict[str, Any]] = {
    "key": Clean(KEY_CHARS),
    "text": Clean(),
    "packed": Packed(),
    "packedjson": PackedJson(),
    "utc": Utc(),
    "json": Json(),
    "bool": sa.Boolean(),
    "int": sa.Integer(),
    "bigint": sa.BigInteger(),
    "serial": Serial,
    "float": sa.Float(),
    "bytes": sa.LargeBinary(),
}
# Columns as "name type"; * before: part of the primary key, ? behind: may be NULL, = behind: the default.
_TABLES: Final = {
    "accounts": "*name key, password text, role key, made_at utc",
    "api_tokens": "*hash key, name key, role key, made_at utc, until utc?, scopes json=[]",
    "article_revisions": """
        *article_id key, *n int, title text, text packed, text_key key, seen_at utc, changes json?""",
    "articles": """
        *number serial, id key, entry_id key, source_id key, url text, canonical_url text, title text,
        text packed, lead packed, lead_chars int=0, chars int=0, seen_at utc, published utc?, modified utc?,
        authors json, language key?, site text, source_name text, tier key, country key?, late bool,
        pictures json=[], indexed bool""",
    "channel_cooldowns": "*channel key, until utc, failures int=0",
    "chat_moves": "*old_id key, new_id key",
    "chats": """
        *id key, channel key, address text, title text, language key, timezone key, unsure key,
        operator bool, preview key, quiet_start key?, quiet_end key?, digest key?, safe_links key,
        silent key, pictures key, hourly_budget int?, languages json=[], least_outlets int=1,
        owner_id bigint?, chosen json, state key,
        origin key, cooldown_until utc?, paused_because text?, retry_at utc?,
        refusals int=0, updated_at utc""",
    "deliveries": """
        *sequence serial, key key, chat_id key, kind key, payload json, created_at utc, not_before utc,
        story_id key?, article_id key?, state key, attempts int, uncertain_sends int,
        plain_only bool, owner key?,
        epoch int, lease_until utc?, message_id text?, error text?, sent_at utc?, tried_at utc?,
        after_key key?, bundle key?, messages int=1, settles bool=false""",
    "drafts": """
        *id key, chat_id key, user_id bigint, kind key, payload json, until utc""",
    "pinned_stories": "*story_id key, account key, at utc",
    "source_polls": "*source_id key, polls text",
    "evidence": "*n bigint, kind key, article_id key, at utc, link bytes, hash key",
    "evidence_parts": "*n bigint, *name key, packed bytes, blocks bytes",
    "evidence_topics": "*topic_id key, *n bigint",
    "entries": """
        *id key, source_id key, guid key, url text, url_key key, title text, summary packed, content packed,
        published utc?, updated utc?, authors json, language key?, stamp key, seen_at utc?, late bool,
        pictures json=[]""",
    "events": """
        *id serial, kind key, subject key, text text, saying json?, at utc, told_at utc?""",
    "feed_addresses": "*topic_id key, secret key, made_at utc",
    "feedback": """
        *chat_id key, *user_id bigint, *article_id key, story_id key, topic_ids json, headline text,
        url text, reason text, at utc""",
    "fingerprint_keys": "*key key, *kind key, *article_id key, seen_at utc",
    "gaps": """
        *source_id key, *began_at utc, ended_at utc?, reason text, recovered int, complete bool?""",
    "invites": """
        *id key, role key, uses_left int, until utc, made_by bigint, made_at utc""",
    "jobs": """
        *kind key, *key key, host_key key, not_before utc?, state key, attempts int, owner key?, epoch int,
        lease_until utc?, error text?, created_at utc""",
    "hosts": "*host_key key, cooldown_until utc",
    "looks": "*article_id key, looked_at utc, etag text?, last_modified text?",
    "matches": "*article_id key, *topic_id key, score float, spans json, rulebook key",
    "meta": "*name key, value text",
    "mutes": """
        *chat_id key, *kind key, *target key, until utc?, title text, made_at utc""",
    "people": "*user_id bigint, role key, invited_with key, since utc",
    "placements": """
        *article_id key, story_id key, source_id key, copy_of key?, version int, url_key key,
        text_key key, headline_key key, guid_key key, seen_at utc, published utc?, copied_share float?,
        likeness float?, credit key?""",
    "print_anchors": "*anchor bigint, *number bigint",
    "prints": """
        *number serial, article_id key, seen_at utc, title text, language key?, words int, anchors bytes,
        sketch bytes, profile bytes, lead bytes, vector bytes""",
    "hub_subscriptions": """
        *source_id key, hub text, topic text, secret key, state key, asked_at utc, tries int,
        lease_until utc?, error text""",
    "sources": """
        *source_id key, next_fetch_at utc, etag text?, last_modified text?, first_read_at utc?,
        last_fetch_at utc?, last_success_at utc?, last_new_at utc?, full_read_at utc?, well_since utc?,
        failures int, health key, error text?, note text?, interval_s float?, share_new float=0,
        unstable_ids int=0, titles key=, gap_since utc?, gap_reason key=, told_at utc?, moved_to text?,
        moved_at utc?, moved_told_at utc?, hub text?, hub_topic text?, cadence json?, other_pages int=0,
        other_page key=, other_page_at utc?, listed bool""",
    "rulebooks": "*n serial, revision key, taken_at utc, content bytes",
    "saved_alerts": "*chat_id key, *article_id key, headline text, url text, outlet text, at utc",
    "saved_searches": """
        *id key, title text, query text, account key, made_at utc, seen_at utc, secret key""",
    "sign_in_attempts": "*n serial, account key, client key, at utc",
    "stories": """
        *id key, article_id key, opened_at utc, follows key?, told_with key?, parted_from key?""",
    "story_facts": "*story_id key, *fact key",
    "story_labels": "*one key, *other key, same bool, at utc, features json",
    "story_terms": "*term bigint, *number bigint",
    "subscriptions": """
        *chat_id key, *topic_id key, mode key, digest key?, origin key""",
    "term_counts": "*term bigint, articles int",
    "topic_edits": """
        *n serial, topic_id key, account key, at utc, before text, after text, reason text""",
    "traces": """
        *entry_id key, article_id key, verdict key, story_id key, copy_of key?, reason text, at utc,
        trace packedjson""",
    "watches": """
        *id key, chat_id key, query text, title text, languages json, made_at utc""",
    "workers": "*id key, roles json, host key, pid int, started_at utc, heartbeat_at utc",
    "web_sessions": "*hash key, account key, made_at utc, until utc",
}
# Table and columns of each index.
_INDEXES: Final = {
    "ix_articles_entry_id": "articles entry_id",
    "ix_articles_id": "articles id unique",
    "ix_articles_indexed": "articles indexed number",
    "ix_articles_seen_at": "articles seen_at number",
    "ix_articles_source_id": "articles source_id seen_at",
    "ix_deliveries_after_key": "deliveries after_key",
    "ix_deliveries_article_id": "deliveries article_id",
    "ix_deliveries_bundle": "deliveries bundle",
    "ix_deliveries_key": "deliveries key unique",
    "ix_deliveries_open": "deliveries state chat_id sequence",
    "ix_deliveries_sent": "deliveries chat_id sent_at",
    "ix_deliveries_story": "deliveries story_id chat_id",
    "ix_deliveries_tried_at": "deliveries tried_at",
    "ix_entries_url_key": "entries url_key",
    "ix_evidence_article_id": "evidence article_id",
    "ix_evidence_at": "evidence at",
    "ix_evidence_topics_n": "evidence_topics n",
    "ix_events_told_at": "events told_at",
    "ix_feed_addresses_secret": "feed_addresses secret unique",
    "ix_feedback_at": "feedback at",
    "ix_gaps_ended_at": "gaps ended_at",
    "ix_jobs_due": "jobs state kind not_before",
    "ix_jobs_host_key": "jobs state host_key",
    "ix_jobs_order": "jobs state kind created_at key",
    "ix_matches_topic_id": "matches topic_id",
    "ix_placements_story_id": "placements story_id",
    "ix_prints_article_id": "prints article_id unique",
    "ix_prints_seen_at": "prints seen_at number",
    "ix_saved_searches_secret": "saved_searches secret unique",
    "ix_sign_in_attempts_at": "sign_in_attempts at",
    "ix_sources_due": "sources listed next_fetch_at",
    "ix_sources_last_fetch_at": "sources last_fetch_at",
    "ix_stories_opened_at": "stories opened_at",
    "ix_subscriptions_topic_id": "subscriptions topic_id",
    "ix_topic_edits_topic_id": "topic_edits topic_id",
    "ix_traces_article_id": "traces article_id",
    "ix_watches_chat_id": "watches chat_id",
    "ix_web_sessions_account": "web_sessions account",
}
_WITHOUT_ROWID: Final = frozenset(
    {"fingerprint_keys", "print_anchors", "story_facts", "story_terms", "term_counts"}
)

_BY_NUMBER: Final = ("print_anchors", "story_terms")
_ARTICLES_A_PARTITION: Final = 1 << 20


def upgrade() -> None:
    """Make the tables, their indexes and the full-text index."""
    for table, columns in _TABLES.items():
        specs = [spec.split() for spec in columns.split(",")]
        options: dict[str, Any] = {"sqlite_with_rowid": False} if table in _WITHOUT_ROWID else {}
        if any(kind == "serial" for _, kind in specs):
            options["sqlite_autoincrement"] = True
        if table in _BY_NUMBER:
            options["postgresql_partition_by"] = "RANGE (number)"
        op.create_table(table, *(_column(name, spec) for name, spec in specs), **options)
    for name, columns in _INDEXES.items():
        table, *parts = columns.split()
        is_unique = parts[-1] == "unique"
        op.create_index(name, table, parts[:-1] if is_unique else parts, unique=is_unique)
    _search()
    _vacuum_often()
    _partition()


def downgrade() -> None:
    """Take them away."""
    for table in ("article_search", *_TABLES):
        op.drop_table(table)


def _column(name: str, spec: str) -> sa.Column[Any]:
    kind, has_default, default = spec.partition("=")
    is_key = name.startswith("*")
    return sa.Column(
        name.removeprefix("*"),
        _TYPES[kind.removesuffix("?")],
        primary_key=is_key,
        nullable=kind.endswith("?"),
        autoincrement=kind == "serial",
        server_default=(sa.false() if kind == "bool" else default) if has_default else None,
    )


def _search() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute("CREATE TABLE article_search (number BIGINT PRIMARY KEY, vector TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX article_search_vector ON article_search USING gin (vector)")
    else:
        # The text stays in ``articles``, whose ``number`` is a real column: VACUUM keeps it.
        op.execute(
            "CREATE VIRTUAL TABLE article_search USING fts5("
            "title, text, content='', "
            "tokenize='unicode61 remove_diacritics 0')"
        )


def _vacuum_often() -> None:
    """Rows of these tables live for seconds, or change every second: the server's usual share of a table
    would leave it with the plans of an empty one after a burst, and with a heap of dead rows after it."""
    if op.get_context().dialect.name != "postgresql":
        return
    op.execute(
        "ALTER TABLE jobs SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, "
        "autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000)"
    )
    # Not indexed, so with room on its page a row changes in place.
    for table in ("hosts", "workers"):
        op.execute(f"ALTER TABLE {table} SET (fillfactor = 70)")


def _partition() -> None:
    """The first two ranges of running numbers, and a rest for what no range was made for in time."""
    if op.get_context().dialect.name != "postgresql":
        return
    for table in _BY_NUMBER:
        for start in (0, _ARTICLES_A_PARTITION):
            op.execute(
                f"CREATE TABLE {table}_from_{start} PARTITION OF {table} "
                f"FOR VALUES FROM ({start}) TO ({start + _ARTICLES_A_PARTITION})"
            )
        op.execute(f"CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT")
