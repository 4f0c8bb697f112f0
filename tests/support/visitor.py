"""Somebody with a web browser and nothing else: pages, and calls of the web client."""

from __future__ import annotations

import http.cookiejar
import json
import urllib.error
import urllib.request
from typing import Any, Optional

from demonstration.client import result_of

LOGIN_PAGE = "/web/login"


class Visitor:
    """A visitor of a running Odoo: the public user, unless `login` says who it is."""

    def __init__(
        self, url: str, database: str, login: Optional[str] = None, password: str = ""
    ) -> None:
        self.url = url
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        if login:
            self.ask(
                "/web/session/authenticate",
                {"db": database, "login": login, "password": password},
            )

    def call(self, model: str, method: str, *arguments: Any, **named: Any) -> Any:
        """What a method of a model returns, asked as the web client asks."""
        return self.ask(
            "/web/dataset/call_kw",
            {"model": model, "method": method, "args": arguments, "kwargs": named},
        )

    def ask(self, path: str, parameters: dict[str, Any]) -> Any:
        """What a JSON route returns; a Refused where it refuses."""
        request = urllib.request.Request(
            f"{self.url}{path}",
            json.dumps({"jsonrpc": "2.0", "params": parameters}).encode(),
            {"Content-Type": "application/json"},
        )
        with self.opener.open(request, timeout=120) as response:
            return result_of(json.load(response))

    def download(self, path: str) -> bytes:
        """The file that a route returns."""
        with self.opener.open(f"{self.url}{path}", timeout=120) as response:
            return response.read()

    def sees(self, path: str) -> bool:
        """Whether a page is shown, and not the one to log in or one that refuses."""
        try:
            with self.opener.open(f"{self.url}{path}", timeout=120) as response:
                return LOGIN_PAGE not in response.geturl()
        except urllib.error.HTTPError as error:
            error.close()
            return False
