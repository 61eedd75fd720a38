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
