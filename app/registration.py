"""What each package gives to the others at start-up: pages, cards, tabs, resolvers.

Lower packages cannot import upper ones; what they must show or ask of them is registered here.
"""

from flask import Flask

from app.access import front_page, open_work
from app.access.front_page import Card, MenuItem
from app.access.policy import Permission
from app.access.routes import employees, own_page, signing_in
from app.access.routes import front_page as front_page_routes
from app.admin.routes import (
    bydele,
    checklists,
    index,
    measures,
    niveauer,
    operations,
    policy,
    rules,
    schools,
    units,
    users,
)
from app.cases import beginnings, cards, due, filing, glances, history, tabs, task_card, tasks, timeline
from app.cases import queries as case_queries
from app.cases.assessments import routes as assessment_routes
from app.cases.assessments import telling as assessment_telling
from app.cases.assessments.models import REVIEW_SUBJECTS
from app.cases.codes import Result
from app.cases.groups import beginning as group_beginning
from app.cases.groups import routes as group_routes
from app.cases.groups import telling as group_telling
from app.cases.handleplan import paper as plan_paper
from app.cases.handleplan import routes as plan_routes
from app.cases.handleplan import telling as plan_telling
from app.cases.handleplan.codes import GoalState, LineOutcome, MeasureResult
from app.cases.imports import routes as import_routes
from app.cases.incidents import routes as incident_routes
from app.cases.incidents import telling as incident_telling
from app.cases.incidents.models import IncidentKind, Recidivism, Verdict
from app.cases.intake import routes as intake_routes
from app.cases.intake import telling as intake_telling
from app.cases.journal import paper as journal_paper
from app.cases.journal import routes as journal_routes
from app.cases.journal import sources as journal_sources
from app.cases.journal.models import LetterKind, NoteKind
from app.cases.levels import routes as level_routes
from app.cases.levels import telling as level_telling
from app.cases.network import routes as network_routes
from app.cases.network import telling as network_telling
from app.cases.network.models import RelationKind
from app.cases.open_work import count_open_cases
from app.cases.review import routes as review_routes
from app.cases.review import telling as review_telling
from app.cases.routes import citizens
from app.cases.routes.complete import bp as case_pages
from app.cases.tabs import Tab
from app.deadlines import jobs as deadline_jobs
from app.deadlines import resolvers
from app.netvaerkssamraad import card as samraad_card
from app.netvaerkssamraad import paper as samraad_paper
from app.netvaerkssamraad import routes as samraad_routes
from app.netvaerkssamraad import timeline as samraad_timeline
from app.netvaerkssamraad.models import SUBJECT as SAMRAAD
from app.netvaerkssamraad.models import PartyRole
from app.people.models import CprChangeKind
from app.scheduler import JOBS
from app.statistics import routes as statistics_routes


def register(app: Flask) -> None:
    """Register everything with the application."""
    deadline_jobs.register(app)
    operations.register(app, tuple(JOBS.values()))
    app.register_blueprint(statistics_routes.bp)
    menu = front_page.of(app).menu
    _register_access(app)
    _register_cases(app)
    _register_journal(app)
    _register_netvaerkssamraad(app)
    _register_incidents(app)
    _register_intake(app)
    _register_levels(app)
    _register_network(app)
    _register_assessments(app)
    _register_handleplan(app)
    _register_imports(app)
    _register_review(app)
    menu.append(MenuItem("Min dag", "front_page.show", (Permission.FRONT_PAGE,), 10))
    menu.append(MenuItem("Rettigheder", "policy.index", (Permission.POLICY_READ,), 80, "Hvem må hvad, og hvorfor."))
    menu.append(MenuItem("Medarbejdere", "employees.index", (Permission.ABSENCE_OF_OTHERS,), 50))
    menu.append(
        MenuItem(
            "Administration",
            "administration.index",
            (Permission.USERS,),
            90,
            "Brugere, enheder, skoler, regler og drift.",
        )
    )
    menu.append(
        MenuItem(
            "Statistik", "statistics.index", (Permission.FIGURES_READ,), 60, "Halvårets tal, på skærmen og som fil."
        )
    )


def _register_access(app: Flask) -> None:
    for routes in (
        front_page_routes,
        signing_in,
        own_page,
        employees,
        index,
        users,
        units,
        bydele,
        schools,
        measures,
        policy,
        rules,
    ):
        app.register_blueprint(routes.bp)
    open_work.register(app, count_open_cases)


def _register_cases(app: Flask) -> None:
    app.register_blueprint(case_pages)
    app.register_blueprint(citizens.bp)
    history.register_codes(app, "cpr_change", {kind.value: kind.label for kind in CprChangeKind})
    resolvers.register_case_resolver(app, case_queries.contacts)
    for tab in (
        Tab("sag", "Sag", "cases.show", Permission.CASE_READ, 10),
        Tab("frister", "Frister", "cases.case_deadlines", Permission.CASE_READ, 80),
        Tab("historik", "Historik", "cases.case_history", Permission.CASE_HISTORY, 90),
    ):
        tabs.register(app, tab)
    page = front_page.of(app)
    page.menu.append(MenuItem("Sager", "cases.index", (Permission.CASE_LIST,), 20))
    page.menu.append(MenuItem("Borgere", "citizens.index", (Permission.CITIZEN_LIST,), 25))
    page.menu.append(MenuItem("Frister", "cases.deadlines", (Permission.DEADLINE_LIST,), 30))
    page.cards.append(Card(Permission.DEADLINE_LIST, cards.due, 20))
    page.cards.append(Card(Permission.CASE_LIST, cards.without_owner, 30))
    page.cards.append(Card(Permission.CASE_LIST, cards.own, 40))


def _register_journal(app: Flask) -> None:
    app.register_blueprint(journal_routes.bp)
    tabs.register(app, Tab("journal", "Journal", "journal.index", Permission.JOURNAL_READ, 40))
    history.register_codes(app, "note", {kind.value: kind.label for kind in NoteKind})
    history.register_codes(app, "letter", {kind.value: kind.label for kind in LetterKind})
    journal_sources.register(app)
    journal_paper.register(app)
    tasks.register(app, due.deadlines, for_mentors=True)
    front_page.of(app).cards.append(Card(Permission.CASE_LIST, task_card.render, 25))


def _register_imports(app: Flask) -> None:
    app.register_blueprint(import_routes.bp)


def _register_review(app: Flask) -> None:
    app.register_blueprint(review_routes.bp)
    review_telling.register(app)
    front_page.of(app).menu.append(MenuItem("Gennemgang", "review.index", (Permission.REVIEW,), 35))


def _register_netvaerkssamraad(app: Flask) -> None:
    app.register_blueprint(samraad_routes.bp)
    endpoint = "netvaerkssamraad.index"
    tabs.register(app, Tab("netvaerkssamraad", "Netværkssamråd", endpoint, Permission.NETVAERKSSAMRAAD_READ, 50))
    resolvers.register_link(app, SAMRAAD, endpoint)
    history.register_codes(app, "role", {role.value: role.label for role in PartyRole})
    front_page.of(app).cards.append(Card(Permission.CASE_LIST, samraad_card.under_way, 35))
    samraad_timeline.register(app)
    samraad_paper.register(app)


def _register_network(app: Flask) -> None:
    app.register_blueprint(network_routes.bp)
    tabs.register(app, Tab("netvaerk", "Netværk", "network.index", Permission.NETWORK_READ, 30))
    app.register_blueprint(group_routes.bp)
    front_page.of(app).menu.append(MenuItem("Grupper", "groups.index", (Permission.GROUP_LIST,), 27))
    beginnings.register(app, group_beginning.load)
    network_telling.register(app)
    group_telling.register(app)
    history.register_codes(app, "relation", {kind.value: kind.label for kind in RelationKind})


def _register_intake(app: Flask) -> None:
    app.register_blueprint(intake_routes.bp)
    front_page.of(app).menu.append(MenuItem("Henvendelser", "intake.index", (Permission.INTAKE,), 15))
    timeline.register(app, intake_telling.SOURCE)
    history.register_codes(app, "result", {result.value: result.label for result in Result})


def _register_levels(app: Flask) -> None:
    app.register_blueprint(level_routes.bp)
    app.register_blueprint(niveauer.bp)
    timeline.register(app, level_telling.SOURCE)


def _register_incidents(app: Flask) -> None:
    app.register_blueprint(incident_routes.bp)
    tabs.register(app, incident_telling.TAB)
    glances.register(app, incident_telling.GLANCE)
    timeline.register(app, incident_telling.SOURCE)
    filing.register(app, incident_telling.PART)
    tasks.register(app, incident_telling.tasks_of)
    tasks.register(app, incident_telling.custody_tasks)
    history.register_codes(app, "incident", {kind.value: kind.label for kind in IncidentKind})
    history.register_codes(app, "recidivism", {kind.value: kind.label for kind in Recidivism})
    history.register_codes(app, "verdict", {verdict.value: verdict.label for verdict in Verdict})


def _register_assessments(app: Flask) -> None:
    app.register_blueprint(assessment_routes.bp)
    app.register_blueprint(checklists.bp)
    endpoint = "assessments.index"
    tabs.register(app, Tab("risikovurdering", "Risikovurdering", endpoint, Permission.ASSESSMENT_READ, 20))
    for subject_kind in REVIEW_SUBJECTS:
        resolvers.register_link(app, subject_kind, endpoint)
    assessment_telling.register(app)


def _register_handleplan(app: Flask) -> None:
    app.register_blueprint(plan_routes.bp)
    endpoint = "handleplan.index"
    tabs.register(app, Tab("handleplan", "Handleplan", endpoint, Permission.HANDLEPLAN_READ, 25))
    timeline.register(app, timeline.Source(plan_telling.KIND, "Handleplan", plan_telling.entries, 25))
    tasks.register(app, plan_telling.tasks, for_mentors=True)
    glances.register(
        app, glances.Glance("handleplan", "Handleplan", plan_telling.glance, plan_telling.words, endpoint, 25)
    )
    filing.register(app, filing.Part("handleplan", "Handleplan", plan_paper.filed, 25))
    history.register_codes(app, "goal_state", {state.value: state.label for state in GoalState})
    history.register_codes(app, "measure_result", {result.value: result.label for result in MeasureResult})
    history.register_codes(app, "line_outcome", {outcome.value: outcome.label for outcome in LineOutcome})
