import networkx as nx
import pytest
from networkx.algorithms import core


@pytest.fixture
def karate():
    return nx.karate_club_graph()


def test_karate_has_four_cores(karate):
    assert sorted(set(core.core_number(karate).values())) == [1, 2, 3, 4]


def test_main_core(karate):
    cores = core.core_number(karate)
    assert sum(1 for value in cores.values() if value == 4) == 10


def test_isolated_node_has_core_zero(karate):
    karate.add_node("alone")
    assert core.core_number(karate)["alone"] == 0


def test_graph_is_left_alone(karate):
    before = set(karate.edges)
    core.core_number(karate)
    assert set(karate.edges) == before
