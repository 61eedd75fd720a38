"""The services load what the sources state; published figures stand beside computed ones."""

from . import steps

PUBLISHED = {
    "trainings_held": 22,
    "training_places": 21,
    "training_participants": 495,
    "training_units": 89,
}


async def test_views_when_the_sources_are_loaded_show_published_beside_computed(world):
    # Nobody travels in this test: the trips of 495 officers take their time and prove nothing here.
    world.cut("participants")
    await world.load_everything()
    world.cut("participants", down=False)

    training = (await steps.get(world.officer, "/v1/views/programmes/NO-COMP"))["training"]
    published = {each["figure"]: each for each in training["published"]}
    assert {name: published[name]["value"] for name in PUBLISHED} == PUBLISHED
    assert published["workshop_participants"]["value"] == 144
    assert {each["source"]["document"] for each in training["published"]} == {"mswia-no-comp"}
    computed = {each["figure"]: each for each in training["computed"]}
    assert {name: computed[name]["value"] for name in PUBLISHED} == PUBLISHED
    assert all(computed[name]["synthetic"] for name in PUBLISHED)
    assert {each["difference"] for each in training["compared"]} == {0}

    await _indicators_are_computed_beside_what_is_reported(world)
    await _actions_show_what_was_delivered(world)

    view = await steps.get(world.officer, "/v1/views/programmes/EAP-PCP")
    programme, figures = view["programme"]["programme"], view["programme"]["budget_figures"]
    assert (programme["start"]["edtf"], programme["end"]["edtf"]) == ("2014-03", "2018-03")
    total = next(each for each in figures if each["kind"] == "total")
    assert (total["amount"], total["currency"]) == ("5000000.00", "EUR")
    assert "around" in total["amount_published"]
    assert total["source"]["document"] == "mswia-eu-projects"

    before = await world.heads()
    world.cut("participants")
    await world.load_everything()
    assert await world.heads() == before


async def _indicators_are_computed_beside_what_is_reported(world):
    """Officers are counted as persons; of the 495 no source says what was counted."""
    shown = (await steps.get(world.officer, "/v1/programmes/NO-COMP/indicators"))["items"]
    compared = {each["code"]: each["compared"][0] for each in shown}
    found = {
        code: (each["reported"]["value"], each["computed"]["value"], each["same_basis"])
        for code, each in compared.items()
        if each["computed"] is not None
    }
    assert found == {
        "trainings": ("22", "22", True),
        "training-locations": ("21", "21", True),
        "units-represented": ("89", "89", True),
        "participants": ("495", "495", False),
        "workshop-participants": ("144", "144", True),
    }
    invented = {code for code, each in compared.items() if each["computed_synthetic"]}
    assert invented == found.keys() - {"workshop-participants"}
    reasons = {code: compared[code]["computed_reason"] for code in ("workshops", "vots-assisted")}
    assert reasons == {"workshops": "not_told_yet", "vots-assisted": "aggregate_only"}


async def _actions_show_what_was_delivered(world):
    path = "/v1/programmes/EAP-PCP/action-plans/MD/actions"
    actions = {each["code"]: each for each in (await steps.get(world.officer, path))["items"]}
    shown = {code: each["delivered"] for code, each in actions.items()}
    assert [shown[f"MD-{number}"]["events"] for number in (1, 2, 3, 4)] == [1, 1, 1, 0]
    assert shown["MD-4"]["events_to_come"] == 1
    assert (shown["MD-2"]["places"], shown["MD-2"]["participants"]) == (1, None)
    assert all(each["difference"]["participants"] is None for each in actions.values())
