"""Roles as data (``seeds/access/roles.yml``), and the grant: what one person may see and do at this moment."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from orchestration.errors import GuatuError
from orchestration.yaml_text import read_yaml

Households = Literal["none", "masked", "open"]
"""Rows of single households: not at all, under a code and rounded, or as they are."""
Ability = Literal["view", "export", "sql", "submit", "check", "approve", "decide", "manage", "audit"]

ABILITY_TITLES: dict[str, str] = {
    "view": "查看看板",
    "export": "导出",
    "sql": "查询",
    "submit": "报送",
    "check": "乡镇审核",
    "approve": "县级审核",
    "decide": "奖惩审定",
    "manage": "管理账号",
    "audit": "查看操作记录",
}


class Role(BaseModel):
    """One role: ``scope`` all sees every division where the account names none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    scope: Literal["own", "all"]
    households: Households
    with_purpose: Households
    abilities: frozenset[Ability]


class Purpose(BaseModel):
    """A reason for which household rows may be opened (用途)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    title: str


class Roles(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    roles: dict[str, Role]
    purposes: tuple[Purpose, ...]
    purpose_minutes: int


@dataclass(frozen=True)
class Grant:
    """What a person may see and do now.

    divisions   12-digit codes seen with everything below; empty with ``everywhere``
    everywhere  no limit by division
    unlimited   the edition itself, uncut: the operator at the machine, and the open demonstration
    purpose     code of the purpose stated, None without one
    """

    login: str
    name: str
    role: str
    title: str
    divisions: tuple[str, ...]
    everywhere: bool
    households: Households
    abilities: frozenset[str]
    purpose: str | None = None
    unlimited: bool = False

    def may(self, ability: Ability) -> bool:
        return ability in self.abilities

    @property
    def may_have_originals(self) -> bool:
        """Whether files with persons as they were handed in may go back to this person: who answers for named divisions
        has them of these; who sees everywhere needs a purpose that opens households."""
        return self.may("submit") and (not self.everywhere or self.households == "open")

    def require(self, ability: Ability) -> None:
        """GuatuError ``not_allowed`` unless the role has the ability."""
        if ability not in self.abilities:
            raise GuatuError(
                "not_allowed",
                f"{self.title}角色没有“{ABILITY_TITLES[ability]}”的权限。如确有需要,请联系管理员。",
                f"the role {self.role} may not {ability}",
            )


@cache
def load_roles(seeds: Path) -> Roles:
    """The roles in force, read once a process."""
    return Roles.model_validate(read_yaml((seeds / "access" / "roles.yml").read_text(encoding="utf-8")))


def role_of(roles: Roles, code: str) -> Role:
    """Raises GuatuError ``unknown_role`` naming the roles there are."""
    if code not in roles.roles:
        known = "、".join(f"{key}({role.title})" for key, role in roles.roles.items())
        raise GuatuError("unknown_role", f"没有角色 {code};可用:{known}", f"unknown role {code}", exit_code=2)
    return roles.roles[code]


def grant(
    roles: Roles, login: str, name: str, role: str, divisions: tuple[str, ...], purpose: str | None = None
) -> Grant:
    """The grant of one person. A role that sees its own divisions and has none sees no division's rows."""
    found = role_of(roles, role)
    return Grant(
        login=login,
        name=name,
        role=role,
        title=found.title,
        divisions=tuple(sorted(divisions)),
        everywhere=found.scope == "all" and not divisions,
        households=found.with_purpose if purpose else found.households,
        abilities=frozenset(found.abilities),
        purpose=purpose,
    )


def operator() -> Grant:
    """Whoever works on the machine itself, and everyone where access is open: the whole edition."""
    return Grant(
        login="operator",
        name="本机操作员",
        role="operator",
        title="本机操作员",
        divisions=(),
        everywhere=True,
        households="open",
        abilities=frozenset(ABILITY_TITLES),
        unlimited=True,
    )
