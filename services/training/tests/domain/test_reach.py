"""What an event shows of few people, and that nobody who subtracts finds what it hides."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from training.domain.reach import NOBODY, SMALLEST, shown_of, smallest_shown

PRIME = 1_000_003
COUNTRIES = ("AM", "GE", "MD", "PL", "UA")
PEOPLE = st.dictionaries(
    st.sampled_from(COUNTRIES), st.sets(st.integers(1, 40), min_size=1, max_size=14), max_size=5
)
EVENTS = st.lists(PEOPLE, min_size=1, max_size=4)


def shown(**persons):
    return shown_of(sum(persons.values()), persons, smallest=SMALLEST)


def test_event_when_all_countries_are_large_then_shows_them():
    assert shown(PL=23).countries == {"PL"}
    assert shown(PL=23, MD=5).countries == {"PL", "MD"}


def test_event_when_people_are_few_then_shows_nobody():
    assert shown(MD=3) == shown(MD=2, GE=2) == NOBODY
    assert shown_of(0, {}, smallest=SMALLEST) == NOBODY


def test_event_when_a_country_is_small_then_hides_others_with_it():
    assert shown(MD=3, GE=9) == shown_of(12, {"MD": 12 - 3, "GE": 3}, smallest=SMALLEST)
    assert shown(MD=3, GE=9).countries == set()
    assert shown(MD=3, GE=6, PL=20).countries == set()
    assert shown(MD=3, AM=4, GE=6, PL=20).countries == {"PL"}


def test_smallest_number_when_about_trafficking_is_larger():
    assert smallest_shown("trafficking-in-human-beings") > smallest_shown("data-protection")
    assert smallest_shown(None) == SMALLEST


def views_of(events):
    """Every number that the views of the events, their series and any filter add up to show.

    Each is a sum of cells (event, country): which cells, and how many people in sum.
    """
    numbers = []
    for subset in subsets(range(len(events))):
        seen = [
            (n, shown_of(total(events[n]), sizes(events[n]), smallest=SMALLEST)) for n in subset
        ]
        totals = [(n, c) for n, s in seen if s.total for c in events[n]]
        numbers.append(totals)
        numbers += [[(n, c) for n, s in seen if c in s.countries] for c in COUNTRIES]
    return [cells for cells in numbers if cells]


def sizes(event):
    return {country: len(people) for country, people in event.items()}


def total(event):
    return sum(sizes(event).values())


def subsets(members):
    members = list(members)
    return [some for size in range(1, len(members) + 1) for some in combinations(members, size)]


def span(rows):
    """Bring rows into echelon form, so that what they add and subtract to can be asked."""
    basis = []
    for row in rows:
        reduced = reduce(row, basis)
        if any(reduced):
            lead = next(value for value in reduced if value)
            basis.append([value * pow(lead, -1, PRIME) % PRIME for value in reduced])
    return basis


def reduce(row, basis):
    for other in basis:
        place = next(n for n, value in enumerate(other) if value)
        row = [(a - row[place] * b) % PRIME for a, b in zip(row, other, strict=True)]
    return row


@settings(max_examples=30, deadline=None)
@given(EVENTS)
def test_hidden_number_when_all_views_are_subtracted_then_is_not_found(events):
    cells = [(n, country) for n, event in enumerate(events) for country in event]
    place = {cell: index for index, cell in enumerate(cells)}

    def row(some):
        found = [0] * len(cells)
        for cell in some:
            found[place[cell]] += 1
        return found

    views = views_of(events)
    basis = span([row(view) for view in views])
    small = [(n, c) for n, c in cells if len(events[n][c]) < SMALLEST]
    for chosen in [[cell] for cell in small] + [list(pair) for pair in combinations(small, 2)]:
        people = sum(len(events[n][c]) for n, c in chosen)
        found = not any(reduce(row(chosen), basis))
        assert not found or (len(chosen) > 1 and people >= SMALLEST), (chosen, views)


@settings(max_examples=30, deadline=None)
@given(PEOPLE)
def test_country_that_knows_its_own_when_it_subtracts_then_finds_no_few(event):
    made = shown_of(total(event), sizes(event), smallest=SMALLEST)
    hidden = {c: size for c, size in sizes(event).items() if c not in made.countries}
    if made.countries:
        assert all(sum(hidden.values()) - own >= SMALLEST for own in hidden.values())
