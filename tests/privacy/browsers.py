"""Two browsers for the same visits: over HTTP to a running portal, and inside one process."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.client import ClientResponse
from tests.privacy.visits import Answer

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class HttpBrowser:
    """A visitor at a running portal; `address` is the internet address it seems to come from."""

    def __init__(self, url: str, *, address: str) -> None:
        self._http = httpx.Client(
            base_url=url,
            follow_redirects=True,
            timeout=30,
            headers={"X-Forwarded-For": address, "Referer": f"{url}/"},
        )
        self._token = ""

    def get(self, address: str) -> Answer:
        return self._answer(self._http.get(address))

    def post(
        self, address: str, data: Mapping[str, Any], *, files: Mapping[str, tuple[str, bytes]] | None = None
    ) -> Answer:
        if not self._token or not self._http.cookies.get("csrftoken"):
            self.get("/")
        sent = {**data, "csrfmiddlewaretoken": self._token}
        parts = {name: (*part, "image/png") for name, part in (files or {}).items()} or None
        answer = self._answer(self._http.post(address, data=sent, files=parts))
        assert answer.status != 403, answer.text
        return answer

    def close(self) -> None:
        self._http.close()

    def _answer(self, response: httpx.Response) -> Answer:
        found = _TOKEN.search(response.text)
        if found is not None:
            self._token = found[1]
        return Answer(response.status_code, response.text, response.url.path)


class InProcessBrowser:
    """Django's test client in the same clothes."""

    def __init__(self, *, address: str) -> None:
        self._client = Client(headers={"X-Forwarded-For": address}, raise_request_exception=False)

    def get(self, address: str) -> Answer:
        return self._answer(address, self._client.get(address, follow=True))

    def post(
        self, address: str, data: Mapping[str, Any], *, files: Mapping[str, tuple[str, bytes]] | None = None
    ) -> Answer:
        parts = {name: SimpleUploadedFile(*part, "image/png") for name, part in (files or {}).items()}
        return self._answer(address, self._client.post(address, {**data, **parts}, follow=True))

    def close(self) -> None:
        self._client.cookies.clear()

    @staticmethod
    def _answer(address: str, response: ClientResponse) -> Answer:
        last = response.redirect_chain[-1][0] if response.redirect_chain else address
        return Answer(response.status_code, response.content.decode("utf-8", "replace"), urlsplit(last).path)
