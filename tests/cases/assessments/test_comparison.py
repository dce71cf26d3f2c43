"""Which way an item moved, what is counted, where the marks lie: arithmetic without a database."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.cases.assessments.checklist import Checklist, Domain, Item, Kind, new_code
from app.cases.assessments.comparison import Way, compare, move
from app.cases.assessments.models import CODE_LENGTH, Assessment, ItemRating, Rating
from app.cases.assessments.picture import MOST, picture
from app.cases.assessments.reading import Answer, Part, Reading
from app.cases.assessments.services.checklists import Edit, edited

RATINGS = st.sampled_from(Rating)
KINDS = st.sampled_from(Kind)
STRENGTH = {Rating.ABSENT: 0, Rating.PARTLY: 1, Rating.CLEARLY: 2}


def answer(rating: Rating | None, kind: Kind = Kind.DYNAMIC, code: str = "a") -> Answer:
    return Answer(Item(code, f"Punkt {code}", kind), ItemRating(item=code, rating=rating, carried=False))


def reading(*ratings: tuple[str, Kind, Rating], day: int = 1) -> Reading:
    answers = tuple(answer(rating, kind, code) for code, kind, rating in ratings)
    domain = Domain("d", "Domæne", tuple(each.item for each in answers))
    return Reading(Assessment(on_day=date(2026, 3, day)), (Part(domain, answers),) if answers else ())


@given(before=RATINGS, after=RATINGS, kind=KINDS)
def test_every_move_goes_one_way_and_back_the_other(before: Rating, after: Rating, kind: Kind) -> None:
    back = {
        Way.WORSE: Way.BETTER,
        Way.BETTER: Way.WORSE,
        Way.STRONGER: Way.WEAKER,
        Way.WEAKER: Way.STRONGER,
        Way.LEARNT: Way.LOST,
        Way.LOST: Way.LEARNT,
    }
    there, again = move(answer(before, kind), answer(after, kind)), move(answer(after, kind), answer(before, kind))

    assert (there is None) == (before is after)
    if there and again:
        assert again.way is back[there.way]


@given(before=RATINGS, after=RATINGS, kind=KINDS)
def test_more_of_a_risk_is_worse_and_more_of_what_protects_is_better(before: Rating, after: Rating, kind: Kind) -> None:
    moved = move(answer(before, kind), answer(after, kind))
    if moved is None or Rating.UNKNOWN in {before, after}:
        return
    grew = STRENGTH[after] > STRENGTH[before]
    expected = {True: (Way.STRONGER, Way.WEAKER), False: (Way.WORSE, Way.BETTER)}[kind.protects]
    assert moved.way is expected[0 if grew else 1]


def test_items_of_one_version_alone_are_told() -> None:
    before = reading(("a", Kind.STATIC, Rating.CLEARLY), ("b", Kind.STATIC, Rating.CLEARLY))
    after = reading(("b", Kind.STATIC, Rating.CLEARLY), ("c", Kind.STATIC, Rating.CLEARLY))

    [domain] = compare(before, after).moved

    assert {each.text: each.way for each in domain.moves} == {"Punkt c": Way.NEW, "Punkt a": Way.GONE}


def test_domain_of_one_version_alone_is_told() -> None:
    comparison = compare(reading(), reading(("a", Kind.STATIC, Rating.CLEARLY)))

    assert [(each.before, each.after) for each in comparison.domains] == [("Ikke med", "1 tydeligt")]
    assert compare(reading(("a", Kind.STATIC, Rating.CLEARLY)), reading()).moved[0].after == "Ikke med"


def test_nothing_is_neither() -> None:
    assert move(None, None) is None
    assert move(answer(None), answer(Rating.CLEARLY)) is None


@given(st.lists(st.tuples(KINDS, st.sampled_from([*Rating, None])), max_size=8))
def test_counts_are_of_each_kind_apart(items: list[tuple[Kind, Rating | None]]) -> None:
    answers = tuple(answer(rating, kind, str(place)) for place, (kind, rating) in enumerate(items))
    part = Part(Domain("d", "Domæne", ()), answers)

    assert part.clearly == sum(rating is Rating.CLEARLY and not kind.protects for kind, rating in items)
    assert part.partly == sum(rating is Rating.PARTLY and not kind.protects for kind, rating in items)
    assert part.protecting == sum(rating in {Rating.PARTLY, Rating.CLEARLY} and kind.protects for kind, rating in items)
    assert part.unknown + part.unanswered + part.count(Rating.ABSENT) + part.count(Rating.PARTLY) + part.count(
        Rating.CLEARLY
    ) == len(items)


def test_domain_with_nothing_marked_says_so() -> None:
    assert Part(Domain("d", "Domæne", ()), (answer(Rating.ABSENT),)).words == "Intet markeret"


RATED = st.lists(st.tuples(KINDS, RATINGS), min_size=1, max_size=9)


@given(st.lists(RATED, min_size=1, max_size=8))
def test_every_item_of_the_last_few_has_a_mark_inside_the_picture(drawn: list[list[tuple[Kind, Rating]]]) -> None:
    readings = [
        reading(*((str(place), kind, rating) for place, (kind, rating) in enumerate(items)), day=number + 1)
        for number, items in enumerate(drawn)
    ]

    made = picture(readings)

    assert made is not None
    assert len(made.marks) == sum(len(items) for items in drawn[:MOST])
    assert len({(mark.x, mark.y) for mark in made.marks}) == len(made.marks)
    assert all(mark.x + made.mark <= made.width and mark.y + made.mark <= made.height for mark in made.marks)
    assert made.left_out == max(0, len(drawn) - MOST)
    assert [x for _, x in made.days] == sorted(x for _, x in made.days)
    assert made == picture(readings)


def test_no_assessments_make_no_picture() -> None:
    assert picture([]) is None


NAMES = st.text(min_size=0, max_size=200)


@given(text=NAMES, taken=st.sets(st.sampled_from(["punkt", "punkt_2", "aa", "x"])))
def test_new_code_is_new_plain_and_short(text: str, taken: set[str]) -> None:
    code = new_code(text, taken)

    assert code not in taken
    assert code.isascii()
    assert code.replace("_", "").isalnum()
    assert len(code) <= CODE_LENGTH


def test_codes_of_danish_letters() -> None:
    assert new_code("Får hjælp på gården, ærligt og ømt!", ()) == "faar_hjaelp_paa_gaarden_aerligt_og_oemt"
    assert new_code("Ærlig", {"aerlig", "aerlig_2"}) == "aerlig_3"


BASE = Checklist((Domain("d", "Domæne", (Item("a", "Et", Kind.STATIC), Item("b", "To", Kind.PROTECTIVE))),))


def test_edit_keeps_the_codes() -> None:
    new = edited(
        BASE, Edit(texts={"a": "Ens"}, inactive=["b"], names={"d": "Område"}, added=[("d", "To", Kind.DYNAMIC)] * 2)
    )

    [domain] = new.domains
    assert domain.name == "Område"
    assert [(item.code, item.text, item.active) for item in domain.items] == [
        ("a", "Ens", True),
        ("b", "To", False),
        ("to", "To", True),
        ("to_2", "To", True),
    ]
    assert Checklist.read(new.written()) == new
    assert set(new.items) == {"a", "to", "to_2"}


def test_edit_that_changes_nothing_is_the_same() -> None:
    assert edited(BASE, Edit()) == BASE
    assert BASE.asked == BASE.domains


def test_domain_without_items_in_use_is_not_asked() -> None:
    assert edited(BASE, Edit(inactive=["a", "b"])).asked == ()
