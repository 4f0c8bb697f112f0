"""What Python knows of a database, kept in it: every copy of the database has it too."""

from __future__ import annotations

import base64
import io
import pickle
from typing import Any

from demonstration.client import Client
from prepare.postgresql_connection import rows_of
from prepare.server import Server

KEY = "reconciliation_rollbacks.memory"
QUERY = "SELECT value FROM ir_config_parameter WHERE key = %s"
THE_SERVER = "server"


def keep(server: Server, thing: Any) -> None:
    """Write something into the database of a server, with the clients that it refers to."""
    file = io.BytesIO()
    Writer(file).dump(thing)
    text = base64.b64encode(file.getvalue()).decode()
    server.environment.databases.set_parameter(server.database, KEY, text)


def recall(server: Server) -> Any:
    """What was kept in the database of a server, or in what it is a copy of.

    Its server is this one, and its clients, who are logged in, ask this one.
    """
    databases = server.environment.databases
    ((text,),) = rows_of(databases, server.database, QUERY, KEY)
    return Reader(io.BytesIO(base64.b64decode(text)), server).load()


class Writer(pickle.Pickler):
    """Leaves out where the server is."""

    def persistent_id(self, thing: Any) -> Any:
        if isinstance(thing, Server):
            return THE_SERVER
        if isinstance(thing, Client):
            return {**vars(thing), "url": None, "database": None}
        return None


class Reader(pickle.Unpickler):
    """Puts a server in, wherever one was left out."""

    def __init__(self, file: io.BytesIO, server: Server) -> None:
        super().__init__(file)
        self.server = server

    def persistent_load(self, kept: Any) -> Any:
        if kept == THE_SERVER:
            return self.server
        client = object.__new__(Client)
        vars(client).update(kept, url=self.server.url, database=self.server.database)
        return client
