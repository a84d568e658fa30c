import networkx as nx
import pytest


def generations(graph):
    return [sorted(generation) for generation in nx.topological_generations(graph)]


def test_example_of_the_documentation():
    assert generations(nx.DiGraph([(2, 1), (3, 1)])) == [[2, 3], [1]]


def test_chain():
    assert generations(nx.DiGraph([(1, 2), (2, 3), (1, 3)])) == [[1], [2], [3]]


def test_undirected():
    with pytest.raises(nx.NetworkXError, match="undirected"):
        generations(nx.Graph([(1, 2)]))


def test_cycle():
    with pytest.raises(nx.NetworkXUnfeasible, match="cycle"):
        generations(nx.DiGraph([(1, 2), (2, 1)]))


def test_parallel_edges():
    graph = nx.MultiDiGraph([(1, 2), (1, 2), (2, 3)])
    assert generations(graph) == [[1], [2], [3]]


def test_empty():
    assert generations(nx.DiGraph()) == []
