import pytest

from pantry import Recipe, Stock


@pytest.fixture(scope="module")
def bread():
    return Recipe("bread").add("flour", "1 kg").add("salt", "20 g")


@pytest.fixture
def full():
    return Stock(flour=3000, salt=500)
