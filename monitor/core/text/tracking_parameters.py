"""What in an address does not say which article it is: tables read by ``core.text.urls``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# Host labels in front of the registrable domain that only choose a layout.
VARIANT_LABEL: Final = re.compile(r"www\d?|m|mobile|mob|amp|wap|touch")

# Fragments that choose what is shown: routes (``#!/news/1``, ``#/news/1``) and posts by number or key. Others
# name a place in the page.
ROUTE: Final = re.compile(
    r"!|/[^#]|(?:post|p|msg|message|entry|item|news|article|story|update|event|block)[-_=]?[\da-f]{1,40}$",
    re.IGNORECASE,
)

ESCAPED_DOT: Final = re.compile(r"%2[eE]")

# Path pieces that only choose a layout or a session; applied until nothing changes.
PATH_RULES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r";jsessionid=[^/?]*", re.IGNORECASE), ""),
    (re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE), "/"),
    (re.compile(r"(?<=[^/])/(?:amp(?:\.html)?|print|amphtml)/?$", re.IGNORECASE), ""),
    (re.compile(r"^/(?:amp|print)(?=/[^/])", re.IGNORECASE), ""),
    (re.compile(r"(?<=[^/])\.amp(?=\.html?$|$)", re.IGNORECASE), ""),
    (re.compile(r"(?<=[^/])/+$"), ""),
)

# Parameters of campaigns, click counters, feeds and share buttons.
TRACKING_PREFIXES: Final = (
    "utm_", "at_", "ns_", "mc_", "pk_", "mtm_", "hsa_", "ga_", "itm_", "oly_", "vero_",
    "fb_", "__twitter", "__tn__", "_hs", "wt_", "wt.", "sc_", "tpcc", "matomo_", "piwik_", "stm_",
)  # fmt: skip
# A short prefix before "id" is some outlet's own number of the article, not a campaign's.
_IDENTITY: Final = re.compile(r"(?:at|ns|pk|sc|ga|wt|stm)_(?:(?:article|news|post)_?(?:id)?|id)")
TRACKING_NAMES: Final = frozenset(
    """
    _ga _gl _openstat action_object_map action_ref_map action_type_map amphtml asgtbndr ceid
    cmp cmpid cmpid[] cndid cvid dclid dicbo ecid efid epik fbclid fbc feedname feedtype
    gaa_at gaa_n gaa_sig gaa_ts gbraid gclid gclsrc guccounter guce_referrer guce_referrer_sig
    igsh igshid intcid intcmp iref ito ito_campaign jsessionid mbid mibextid mkt_tok msclkid
    gad_source gad_campaignid icid li_fat_id maca srsltid traffic_source ttclid wpisrc _branch_match_id
    ncid ocid phpsessid rcm rss s_cid s_kwcid share_id sharetoken smid smprod smtyp soc_src
    soc_trk spm srnd sthash taid tblci trk trkcampaign twclid usqp wbraid wprov xtor
    yclid ysclid yptr zanpid amp_js_v amp_gsa amp_ct amp_markup
    """.split()  # noqa: SIM905  # a table to read, not eighty quoted lines
)

# Parameters that are noise only with certain values; None means any value.
_LAYOUT_VALUES: Final = frozenset({"", "1", "true", "yes", "y", "on"})
_REFERRERS: Final = frozenset(
    """
    rss feed atom feedburner twitter facebook fb tw telegram tg vk ok whatsapp viber email mail
    newsletter share social push home homepage main hp search google yandex news.google.com
    copy-link copylink ig instagram linkedin reddit flipboard nl
    """.split()  # noqa: SIM905  # a table to read, not eighty quoted lines
)
NOISE_VALUES: Final = {
    "amp": None,
    "outputtype": frozenset({"amp", "print"}),
    "output": frozenset({"amp", "print"}),
    "format": frozenset({"amp", "print"}),
    "view": frozenset({"amp", "print", "mobile"}),
    "print": _LAYOUT_VALUES,
    "mobile": _LAYOUT_VALUES,
    "m": _LAYOUT_VALUES,
    "ref": _REFERRERS,
    "referrer": _REFERRERS,
    "referer": _REFERRERS,
    "source": _REFERRERS,
    "src": _REFERRERS,
    "from": _REFERRERS,
    "via": _REFERRERS,
    "share": _REFERRERS,
    "cid": _REFERRERS,
    "partner": _REFERRERS,
}


def is_noise(name: str, value: str) -> bool:
    """Whether a query parameter (lower case, unquoted) does not belong to the identity."""
    if name in TRACKING_NAMES or (name.startswith(TRACKING_PREFIXES) and not _IDENTITY.fullmatch(name)):
        return True
    if name not in NOISE_VALUES:
        return False
    values = NOISE_VALUES[name]
    return values is None or value in values


# What single hosts add when a link is shared.
HOST_NOISE: Final = {
    "t.me": frozenset({"single", "embed", "mode"}),
    "telegram.me": frozenset({"single", "embed", "mode"}),
    "x.com": frozenset({"s", "t", "ref_src", "ref_url", "cxt", "lang"}),
    "youtube.com": frozenset({"feature", "si", "pp", "ab_channel", "t", "app"}),
    "instagram.com": frozenset({"hl", "img_index"}),
}
# Hosts that are one site under two names.
HOST_NAMES: Final = {"twitter.com": "x.com", "telegram.me": "t.me"}
SHORT_VIDEO: Final = re.compile(r"https?://(?:www\.)?youtu\.be/([\w-]{6,20})(?:[?#].{0,500})?", re.IGNORECASE)


# AMP caches and viewers: the target stands in the path. Matched against host + path.
CACHES: Final[tuple[re.Pattern[str], ...]] = (
    re.compile(r"google\.[a-z.]+/amp/(?P<secure>s/)?(?P<target>[^/]+\..+)"),
    re.compile(r"[^/]+\.cdn\.ampproject\.org/(?:c|v|i|r|wp)/(?P<secure>s/)?(?P<target>[^/]+\..+)"),
    re.compile(r"cdn\.ampproject\.org/(?:c|v|i|r|wp)/(?P<secure>s/)?(?P<target>[^/]+\..+)"),
    re.compile(r"yandex\.[a-z.]+/turbo/(?P<secure>s/)?(?P<target>[^/]+\..+)"),
)


# Hosts that those patterns may be about.
CACHE_HOST: Final = re.compile(r"^google\.|cdn\.ampproject\.org$|^yandex\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirector:
    """A service whose address carries the target in one of ``parameters``."""

    host: re.Pattern[str]
    path: str
    parameters: tuple[str, ...]


def _to(host: str, path: str, *parameters: str) -> Redirector:
    return Redirector(host=re.compile(host), path=path, parameters=parameters)


REDIRECTORS: Final[tuple[Redirector, ...]] = (
    _to(r"(?:news\.|news\.url\.)?google\.[a-z.]+", "/url", "q", "url"),
    _to(r"google\.[a-z.]+", "/imgres", "imgrefurl"),
    _to(r"translate\.google\.[a-z.]+", "/translate", "u"),
    _to(r"bing\.com", "/news/apiclick.aspx", "url"),
    _to(r"lm?\.facebook\.com", "/l.php", "u"),
    _to(r"l\.instagram\.com", "/", "u"),
    _to(r"(?:away\.)?(?:m\.)?vk\.com", "/away.php", "to"),
    _to(r"yandex\.[a-z.]+", "/turbo", "text"),
    _to(r"out\.reddit\.com", "/", "url"),
    _to(r"getpocket\.com", "/redirect", "url"),
    _to(r"[a-z0-9]+\.safelinks\.protection\.outlook\.com", "/", "url"),
    _to(r"exit\.sc", "/", "url"),
    _to(r"youtube\.com", "/redirect", "q"),
)
