import networkx as nx
from networkx.algorithms.core import core_number


def peeled(graph, k):
    left = graph.copy()
    while True:
        weak = [node for node, degree in left.degree() if degree < k]
        if not weak:
            return set(left)
        left.remove_nodes_from(weak)


def test_matches_peeling():
    graph = nx.gnm_random_graph(30, 90, seed=3)
    cores = core_number(graph)
    for k in range(8):
        assert peeled(graph, k) == {node for node in graph if cores[node] >= k}


def test_path():
    assert core_number(nx.path_graph(5)) == dict.fromkeys(range(5), 1)


def test_lollipop():
    cores = core_number(nx.lollipop_graph(5, 4))
    assert [cores[node] for node in range(9)] == [4] * 5 + [1] * 4
