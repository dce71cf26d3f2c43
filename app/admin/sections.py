"""The sections of the administration, and the frame that shows them."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, can
from app.core.forms import Form
from app.core.pages import page


@dataclass(frozen=True)
class Section:
    """One section: its pages lie under the address of its endpoint."""

    label: str
    endpoint: str
    permission: Permission
    about: str

    @property
    def url(self) -> str:
        """Where it begins."""
        return url_for(self.endpoint)

    @property
    def current(self) -> bool:
        """Whether the present page lies in it."""
        return request.path == self.url or request.path.startswith(self.url + "/")


SECTIONS = (
    Section("Brugere", "users.index", Permission.USERS, "Invitér, ret og luk brugere."),
    Section("Enheder", "units.index", Permission.PLACES, "De enheder, som sager og medarbejdere hører til."),
    Section("Bydele", "bydele.index", Permission.PLACES, "De bydele, som tal kan opgøres på."),
    Section("Skoler", "schools.index", Permission.PLACES, "Skoler og deres bydel."),
    Section("Tjekliste", "checklists.index", Permission.CONFIGURATION, "Punkterne i risikovurderinger, i versioner."),
    Section("Indsatser", "measures.index", Permission.CONFIGURATION, "Det, en handleplan kan vælge imellem."),
    Section("Niveauer", "niveauer.index", Permission.CONFIGURATION, "Sagernes niveauer, og hvem der ser dem."),
    Section("Fristregler", "rules.index", Permission.RULES_READ, "Længde, retsgrundlag og påmindelser."),
    Section("Rettigheder", "policy.index", Permission.POLICY_READ, "Hvem må hvad."),
    Section("Drift", "operations.show", Permission.OPERATIONS, "Post, kørsler og fejl."),
)


def admin_page(template: str, *, form: Form | None = None, **context: Any) -> ResponseReturnValue:
    """Render a page of the administration, with the sections that the reader may open."""
    reader = current.reader()
    sections = [section for section in SECTIONS if can(reader, section.permission)]
    if can(reader, Permission.USERS):
        root = ("Administration", url_for("administration.index"))
    else:
        root = ("Min side", url_for("own_page.show"))
    return page(template, form=form, sections=sections, root=root, **context)
