"""JSON in UTF-8; problems keep their own media type. Of a training copy each document says so."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

from cms.catalogs.training import MARK, is_training


class FastJSONRenderer(BaseRenderer):
    """application/json; DRF keeps the content type that a response names."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if isinstance(data, Mapping) and is_training():
            # Whoever keeps the data keeps no header.
            data = {"aviso": MARK, **data}
        return b"" if data is None else orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS)
