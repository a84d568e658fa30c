import networkx as nx
import pytest


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ([("a", "b")], ["a", "b"]),
        ([("a", "b"), ("b", "c")], ["a", "b", "c"]),
        ([("c", "b"), ("b", "a")], ["c", "b", "a"]),
    ],
)
def test_topological_sort_uses_generations(edges, expected):
    assert list(nx.topological_sort(nx.DiGraph(edges))) == expected


def test_isolated_nodes():
    graph = nx.DiGraph()
    graph.add_nodes_from("abc")
    assert [sorted(group) for group in nx.topological_generations(graph)] == [["a", "b", "c"]]


def test_is_dag_by_sorting():
    assert nx.is_directed_acyclic_graph(nx.DiGraph([(1, 2)]))
    assert not nx.is_directed_acyclic_graph(nx.DiGraph([(1, 2), (2, 1)]))
