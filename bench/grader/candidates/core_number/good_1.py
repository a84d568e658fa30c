import networkx as nx
import pytest


def test_example_of_the_documentation():
    graph = nx.havel_hakimi_graph([0, 1, 2, 2, 2, 2, 3])
    assert nx.core_number(graph) == {0: 1, 1: 2, 2: 2, 3: 2, 4: 1, 5: 2, 6: 0}


def test_directed():
    graph = nx.DiGraph([(1, 2), (2, 1), (2, 3), (2, 4), (3, 4), (4, 3)])
    assert nx.core_number(graph) == {1: 2, 2: 2, 3: 2, 4: 2}


def test_self_loop():
    graph = nx.Graph([(0, 0)])
    with pytest.raises(nx.NetworkXNotImplemented, match="self loops"):
        nx.core_number(graph)


def test_multigraph():
    with pytest.raises(nx.NetworkXNotImplemented):
        nx.core_number(nx.MultiGraph([(1, 2)]))


def test_empty():
    assert nx.core_number(nx.Graph()) == {}


@pytest.mark.parametrize("size", [2, 3, 6])
def test_complete(size):
    assert set(nx.core_number(nx.complete_graph(size)).values()) == {size - 1}
