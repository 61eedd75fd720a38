from collections import Counter
from datetime import time
from uuid import UUID
from zoneinfo import ZoneInfo

from make_training import AFTERWARDS

from training.domain import synthetic
from training.domain.attendance import outcome
from training.domain.nomination import PRESENT


def test_synthetic_level_when_counted_is_22_in_21_with_495_of_89():
    made = synthetic.trainings()
    officers = [each.participant_id for training in made for each in training.candidates]
    assert len(made) == 22
    assert len({training.plan.place.city for training in made}) == 21
    assert len(officers) == len(set(officers)) == 495
    assert set(officers) == {synthetic.participant_id(n) for n in range(1, 496)}
    assert len({each.unit_code for training in made for each in training.candidates}) == 89
    assert all(training.plan.synthetic for training in made)
    assert all(len(each.candidates) <= each.plan.capacity for each in made)


def test_synthetic_level_when_made_twice_is_the_same():
    assert synthetic.trainings() == synthetic.trainings()
    assert synthetic.participant_id(1) == UUID("95e824ea-b2ab-559a-9a26-2c34de8fc35b")


def test_synthetic_officers_when_present_all_count():
    for training in synthetic.trainings():
        ends = Counter(
            outcome(days, training.plan, now=AFTERWARDS) for days in training.presence.values()
        )
        assert set(ends) <= PRESENT
        assert set(training.presence) == {each.participant_id for each in training.candidates}


def test_synthetic_trainings_when_travelled_to_take_two_days_from_early_to_evening():
    zone = ZoneInfo("Europe/Warsaw")
    for training in synthetic.trainings():
        travel, dates = training.plan.travel, training.plan.dates
        leaves, returns = travel.departs_at.astimezone(zone), travel.returns_at.astimezone(zone)
        assert (leaves.date(), returns.date()) == (dates.earliest, dates.latest)
        assert (dates.latest - dates.earliest).days == 1
        assert time(6) <= leaves.time() <= time(9)
        assert returns.time() >= time(17)
        assert dates.earliest.year == 2016
