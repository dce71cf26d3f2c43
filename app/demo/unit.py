"""The demo unit itself: its employees, bydele and schools."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from app.access import passwords
from app.access.models import Absence, PasswordCredential, Role, Unit, User
from app.core import clock
from app.extensions import db
from app.places.models import Bydel, School

UNIT = "Den Kriminalpræventive Enhed"
EMPLOYEES = (
    ("leder", "Birgitte Holm", Role.LEDER),
    ("koordinator", "Jonas Lykke", Role.KOORDINATOR),
    ("koordinator2", "Amira Haddad", Role.KOORDINATOR),
    ("koordinator3", "Torben Skov", Role.KOORDINATOR),
    ("mentor", "Sofie Brandt", Role.MENTOR),
    ("mentor2", "Kenan Yilmaz", Role.MENTOR),
    ("analytiker", "Louise Friis", Role.ANALYTIKER),
    ("administrator", "Per Østergaard", Role.ADMINISTRATOR),
    ("revisor", "Ditte Krogh", Role.REVISOR),
)
SCHOOLS = {
    "Vester": ("Vesterskolen", "Engskolen"),
    "Øster": ("Østerskolen", "Åparkens Skole"),
    "Lund": ("Lundskolen", "Skovlyskolen"),
}
LOG_INS = "demo-logins.txt"


@dataclass(frozen=True)
class DemoUnit:
    """The unit with what its cases refer to."""

    unit: Unit
    employees: dict[str, User]
    schools: list[School]

    @property
    def leader(self) -> User:
        """The one leader."""
        return self.employees["leder"]

    @property
    def coordinators(self) -> list[User]:
        """The three coordinators."""
        return [user for user in self.employees.values() if user.role is Role.KOORDINATOR]

    @property
    def mentors(self) -> list[User]:
        """The two mentors."""
        return [user for user in self.employees.values() if user.role is Role.MENTOR]


def make_unit(*, at: datetime) -> tuple[DemoUnit, str]:
    """Make the unit. Returns it with the one password that all its log-ins share."""
    password = f"demo-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    hashed = passwords.hashed(password)
    unit = Unit(name=UNIT)
    db.session.add(unit)
    employees = {}
    for login, name, role in EMPLOYEES:
        user = User(email=f"{login}@demo.example", name=name, role=role, unit=unit, active=True, created_at=at)
        db.session.add(user)
        db.session.flush()
        db.session.add(PasswordCredential(user_id=user.id, hash=hashed, changed_at=at))
        employees[login] = user
    schools = []
    for bydel_name, school_names in SCHOOLS.items():
        bydel = Bydel(name=bydel_name)
        schools += [School(name=name, bydel=bydel) for name in school_names]
    db.session.add_all(schools)
    db.session.flush()
    made = DemoUnit(unit, employees, schools)
    _send_one_away(made, at)
    return made, password


def _send_one_away(made: DemoUnit, at: datetime) -> None:
    """One coordinator is away, so that what happens to reminders then can be seen."""
    today = clock.local_date(at)
    away, substitute = made.employees["koordinator3"], made.employees["koordinator2"]
    db.session.add(
        Absence(
            user_id=away.id,
            from_day=today - timedelta(days=2),
            to_day=today + timedelta(days=12),
            substitute_id=substitute.id,
            created_by_id=made.leader.id,
            created_at=at,
        )
    )


def write_log_ins(var_dir: Path, password: str) -> None:
    """Write who can sign in, where only this user of the machine can read it."""
    width = max(len(f"{login}@demo.example") for login, _, _ in EMPLOYEES)
    lines = [f"  {login + '@demo.example':{width}}  {name}, {role.label.lower()}" for login, name, role in EMPLOYEES]
    path = var_dir / LOG_INS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text("\n".join(["Demo-log-ind, alle med adgangskoden " + password, *lines]) + "\n", encoding="utf-8")
