"""Article pages as outlets print them: the text amid navigation, related links and comments."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from html import escape

from monitor.demo.newsroom.seeds import Furniture, NewsroomArticle, Outlet


def article_page(
    outlet: Outlet,
    article: NewsroomArticle,
    *,
    published: datetime,
    modified: datetime,
    related: Sequence[NewsroomArticle],
    furniture: Furniture,
) -> bytes:
    """One article's page in the outlet's layout and encoding. Dates are UTC."""
    body = LAYOUTS[outlet.template](article, published, furniture)
    main = f"{body}\n{_related(related, furniture)}\n{_comments(furniture)}"
    head = _head(outlet, article, published, modified)
    page = frame(outlet, furniture, title=f"{article.headline} | {outlet.name}", head=head, main=main)
    return page.encode(outlet.encoding, "xmlcharrefreplace")


def frame(outlet: Outlet, furniture: Furniture, *, title: str, head: str, main: str) -> str:
    """A whole HTML document: ``main`` between the outlet's header and footer."""
    links = "".join(
        f'<li><a href="{outlet.site}/{section}/">{escape(furniture[section])}</a></li>'
        for section in ("politics", "economy", "sport", "culture")
    )
    return f"""<!DOCTYPE html>
<html lang="{outlet.language}">
<head>
<meta charset="{outlet.encoding}">
<title>{escape(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
{head}
</head>
<body>
<header class="site-header"><a class="logo" href="{outlet.site}/">{escape(outlet.name)}</a>
<nav class="site-nav"><ul>{links}</ul></nav></header>
{main}
<footer class="site-footer"><p>© {escape(outlet.name)}. {escape(furniture["rights"])}</p></footer>
</body>
</html>
"""


def front_page(outlet: Outlet, articles: Sequence[NewsroomArticle], furniture: Furniture) -> bytes:
    """The site's front page: its headlines as links."""
    rows = "\n".join(_link(article) for article in articles)
    main = f"<main><h1>{escape(outlet.name)}</h1><ul>{rows}</ul></main>"
    head = f'<link rel="alternate" href="{escape(outlet.url)}">'
    page = frame(outlet, furniture, title=outlet.name, head=head, main=main)
    return page.encode(outlet.encoding, "xmlcharrefreplace")


def _head(outlet: Outlet, article: NewsroomArticle, published: datetime, modified: datetime) -> str:
    url = escape(article.url)
    meta = {
        "og:type": "article",
        "og:site_name": outlet.name,
        "og:title": article.headline,
        "og:description": article.summary or article.lead,
        "og:url": article.url,
        "article:published_time": published.isoformat(),
        "article:modified_time": modified.isoformat(),
    }
    lines = [f'<link rel="canonical" href="{url}">']
    lines += [f'<meta property="{name}" content="{escape(value)}">' for name, value in meta.items()]
    lines += [f'<meta name="author" content="{escape(author)}">' for author in article.authors]
    if outlet.template in LINKED_DATA:
        lines.append(_json_ld(outlet, article, published, modified))
    return "\n".join(lines)


def _json_ld(outlet: Outlet, article: NewsroomArticle, published: datetime, modified: datetime) -> str:
    """schema.org NewsArticle, as search engines ask for it."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.headline,
        "datePublished": published.isoformat(),
        "dateModified": modified.isoformat(),
        "author": [{"@type": "Person", "name": author} for author in article.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
        "mainEntityOfPage": article.url,
        "inLanguage": article.language,
    }
    text = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>'


def _classic(article: NewsroomArticle, published: datetime, furniture: Furniture) -> str:
    return f"""<article class="story">
<header><h1 class="headline">{escape(article.headline)}</h1>
<div class="byline">{_byline(article, furniture)}</div>
<time datetime="{published.isoformat()}">{published:%d.%m.%Y %H:%M}</time></header>
<div class="article-body">
{_paragraphs(article)}
</div>
</article>"""


def _modern(article: NewsroomArticle, published: datetime, furniture: Furniture) -> str:
    return f"""<main id="main"><article itemscope itemtype="https://schema.org/NewsArticle">
<h1 itemprop="headline">{escape(article.headline)}</h1>
<div class="post-meta">
<time itemprop="datePublished" datetime="{published.isoformat()}">{published:%H:%M}</time>
<span class="byline">{_byline(article, furniture)}</span></div>
<div class="share-buttons"><a href="#share">{escape(furniture["share"])}</a></div>
<section itemprop="articleBody" class="post-content">
{_paragraphs(article)}
</section>
</article></main>"""


def _plain(article: NewsroomArticle, published: datetime, furniture: Furniture) -> str:
    return f"""<div id="wrap"><div class="breadcrumb"><a href="/">{escape(furniture["news"])}</a></div>
<div id="content" class="entry-content">
<h1>{escape(article.headline)}</h1>
<div class="byline">{_byline(article, furniture)} {published:%d.%m.%Y}</div>
{_paragraphs(article)}
</div></div>"""


LAYOUTS: Mapping[str, Callable[[NewsroomArticle, datetime, Furniture], str]] = {
    "classic": _classic,
    "modern": _modern,
    "plain": _plain,
}
LINKED_DATA = frozenset({"classic", "modern"})


def _byline(article: NewsroomArticle, furniture: Furniture) -> str:
    names = ", ".join(article.authors)
    return f"{escape(furniture['by'])} {escape(names)}" if names else ""


def _paragraphs(article: NewsroomArticle) -> str:
    return "\n".join(f"<p>{escape(part, quote=False)}</p>" for part in article.paragraphs)


def _link(article: NewsroomArticle) -> str:
    return f'<li><a href="{escape(article.url)}">{escape(article.headline)}</a></li>'


def _related(articles: Sequence[NewsroomArticle], furniture: Furniture) -> str:
    links = "\n".join(_link(article) for article in articles)
    return f"""<aside class="related"><h3>{escape(furniture["related"])}</h3>
<ul class="related-links">
{links}
</ul></aside>"""


def _comments(furniture: Furniture) -> str:
    return f"""<section id="comments" class="comments"><h3>{escape(furniture["comments"])}</h3>
<ol class="comment-list"><li class="comment">
<p class="comment-text">{escape(furniture["comment"])}</p></li></ol>
</section>"""
