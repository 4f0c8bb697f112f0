"""A person who works in a running Odoo: calls of the web client, over JSON-RPC."""

from __future__ import annotations

import http.client
import itertools
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from fixtures.client import OdooClient

LONGEST_ANSWER = 600


class Refused(Exception):
    """Odoo refuses what was asked; the text is what it shows to a person.

    `kind` is the dotted name of Odoo's exception.
    """

    def __init__(self, sentence: str, kind: str = "") -> None:
        super().__init__(sentence)
        self.kind = kind


class NoAnswer(Exception):
    """No Odoo answers at the address, or what answers is none."""


class Client(OdooClient):
    """One user of one database.

    `Client(url, database, login, password)` logs in.
    """

    def __init__(self, url: str, database: str, login: str, password: str) -> None:
        self.url = url
        self.database = database
        self.login = login
        self.password = password
        self.requests = itertools.count(1)
        self.user = self.ask("common", "login", database, login, password)
        if not self.user:
            raise Refused(f"{login} cannot log in to {database}")

    def colleague(self, login: str, password: str) -> Client:
        """Another user of the same database, or the same one with a connection apart."""
        return type(self)(self.url, self.database, login, password)

    @cached_property
    def series(self) -> int:
        """The number before the dot in the version of the Odoo that answers."""
        return self.ask("common", "version")["server_version_info"][0]

    def call(self, model: str, method: str, *arguments: Any, **named: Any) -> Any:
        """What a method of a model returns; a Refused with Odoo's sentence if it refuses."""
        context = {**self.context, **named.pop("context", {})}
        if context:
            named["context"] = context
        return self.ask(
            "object",
            "execute_kw",
            self.database,
            self.user,
            self.password,
            model,
            method,
            arguments,
            named,
        )

    def ask(self, service: str, method: str, *arguments: Any) -> Any:
        """One request to one of Odoo's services; its result."""
        body = {
            "jsonrpc": "2.0",
            "method": "call",
            "id": next(self.requests),
            "params": {"service": service, "method": method, "args": arguments},
        }
        request = urllib.request.Request(
            f"{self.url}/jsonrpc",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=LONGEST_ANSWER) as response:
                answer = json.load(response)
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise NoAnswer(f"no Odoo answers at {self.url}: {error}") from error
        return result_of(answer)


def result_of(answer: Mapping[str, Any]) -> Any:
    """The result in a JSON-RPC answer of Odoo's; a Refused where it refuses.

    >>> result_of({"result": 3})
    3
    """
    if "error" in answer:
        error = answer["error"]
        kind = (error.get("data") or {}).get("name", "")
        raise Refused(sentence_of(error), kind)
    return answer.get("result")


def sentence_of(error: Mapping[str, Any]) -> str:
    """What a person should read of an error that Odoo returns.

    >>> sentence_of({"message": "Odoo Server Error", "data": {"message": "Already paid."}})
    'Already paid.'
    >>> sentence_of({"message": "Not found"})
    'Not found'
    """
    data = error.get("data") or {}
    return str(data.get("message") or error.get("message") or error)
