"""Forms as browsers send them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, HTTPException, Request

MOST_FIELDS = 500


async def read_form(request: Request) -> Mapping[str, str]:
    """The fields of an url-encoded form; of one that comes twice the last. 400 for what is no such form."""
    body = await request.body()
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            max_num_fields=MOST_FIELDS,
            errors="strict",
        )
    except ValueError as error:
        raise HTTPException(400, "this is no form") from error
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


FormFields = Annotated[Mapping[str, str], Depends(read_form)]
