"""Dagster's own SQLite storage, with its connections kept open for a while.

Dagster makes an engine and a connection for every event it records. A month has nine hundred of them, and that took
four of the fourteen seconds of CPU of a county's run. What is recorded, where and how stays Dagster's.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self

from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.event import listen
from sqlalchemy.pool import StaticPool

KEPT = 4
"""Each run has a file of its own; so many are kept open, those used last."""
BUSY_SECONDS = 60


def _without_waiting(connection: Any, _: object) -> None:
    """A commit does not wait for the disk: when the power fails the last events may be missing, never half there."""
    connection.execute("pragma synchronous = normal")


class EventLog(SqliteEventLogStorage):
    """The event log; every use of a connection is under Dagster's own lock, and ends with its transaction."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock, self._engine(shard).connect() as connection, connection.begin():
            yield connection

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            place, patience = self.conn_string_for_shard(shard), {"timeout": BUSY_SECONDS, "check_same_thread": False}
            self._engines[shard] = create_engine(place, poolclass=StaticPool, connect_args=patience)
            listen(self._engines[shard], "connect", _without_waiting)
            self._initdb(self._engines[shard])
            self._initialized_dbs.add(shard)
        self._engines.move_to_end(shard)
        while len(self._engines) > KEPT:
            self._engines.popitem(last=False)[1].dispose()
        return self._engines[shard]

    def dispose(self) -> None:
        """Closes what is open; the next use opens it again."""
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()
        super().dispose()


class RunHistory(DagsterSqliteStorage):
    """Runs, schedules and events of an installation, as ``storage`` of its ``dagster.yaml``."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = EventLog(self._event_log_storage._base_dir)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Self:
        return cls.from_local(inst_data=inst_data, **config_value)
