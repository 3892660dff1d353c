"""How the shared lake stands, office by office, and looking after it."""

from dataclasses import dataclass
from datetime import datetime

from orchestration.sharing.lake import NAME, SharedLake
from orchestration.sharing.push import cursor_of


@dataclass(frozen=True)
class Standing:
    """One office: how far its ledger is shared and since when, and which edition of it."""

    office: str
    through: int
    shared_at: datetime
    submissions: int
    rows: int
    edition_id: str | None
    edition_shared_at: datetime | None


@dataclass(frozen=True)
class Tidied:
    """What was merged, and what was removed for good."""

    merged: int
    snapshots: int
    files: int


def standings(shared: SharedLake) -> tuple[int, list[Standing]]:
    """The newest snapshot, and every office as of it, by code."""
    with shared.at_one_moment():
        counted = {
            office: (submissions, rows)
            for office, submissions, rows in shared.rows(
                f"select office, count(*), sum(rows_accepted) from {NAME}.main.submissions group by office"
            )
        }
        editions = {
            office: (edition, at)
            for office, edition, at in shared.rows(f"select office, edition_id, shared_at from {NAME}.main.editions")
        }
        found = []
        for office in shared.tables("cursors"):
            for through, at in shared.rows(f'select through, shared_at from {NAME}.cursors."{office}"'):
                found.append(
                    Standing(office, through, at, *counted.get(office, (0, 0)), *editions.get(office, (None, None)))
                )
        return shared.snapshot, found


def tidy(shared: SharedLake, keep_days: int) -> Tidied:
    """Merges small files, forgets snapshots older than ``keep_days``, and removes the files that only those had.

    Offices may go on sharing meanwhile. What an erasure took out is gone for good only after this.
    """
    connection = shared.connection
    age = f"now() - interval {keep_days:d} day"
    connection.execute(f"call ducklake_flush_inlined_data('{NAME}')")
    connection.execute(f"call ducklake_rewrite_data_files('{NAME}')")
    merged = len(shared.rows(f"call ducklake_merge_adjacent_files('{NAME}')"))
    snapshots = len(shared.rows(f"call ducklake_expire_snapshots('{NAME}', older_than => {age})"))
    files = len(shared.rows(f"call ducklake_cleanup_old_files('{NAME}', older_than => {age})"))
    # what killed processes left: never files of a process at work, which are young
    files += len(shared.rows(f"call ducklake_delete_orphaned_files('{NAME}', older_than => {age})"))
    return Tidied(merged, snapshots, files)


def forget(shared: SharedLake, office: str) -> bool:
    """Takes an office out with all it shared, so that its code can be shared from another ledger; whether it was there.

    What others gathered follows the order of commits: they gather into an empty directory afterwards.
    """

    def out() -> bool:
        if cursor_of(shared, office) is None:
            return False
        tables = [*(f"main.{name}" for name in shared.tables("main") if name != "about")]
        tables += [f'{schema}."{name}"' for schema in ("lake", "marts") for name in shared.tables(schema)]
        for table in tables:
            shared.connection.execute(f"delete from {NAME}.{table} where office = ?", [office])
        shared.connection.execute(f'drop table {NAME}.cursors."{office}"')
        return True

    return shared.in_transaction(out)
