import networkx as nx
import pytest
from networkx.algorithms.dag import topological_generations


@pytest.fixture
def tree():
    return nx.gn_graph(40, seed=1).reverse()


def test_levels_are_the_longest_paths(tree):
    level = {v: i for i, group in enumerate(topological_generations(tree)) for v in group}
    assert set(level) == set(tree)
    for node in tree:
        before = [level[other] for other in tree.predecessors(node)]
        assert level[node] == 1 + max(before, default=-1)


def test_removed_node_is_noticed():
    graph = nx.DiGraph([(1, 2), (2, 3)])

    def consume():
        for _ in topological_generations(graph):
            if 2 in graph:
                graph.remove_node(2)

    with pytest.raises((RuntimeError, nx.NetworkXUnfeasible)):
        consume()


def test_added_node_is_noticed():
    graph = nx.DiGraph([(1, 2), (2, 3)])
    groups = topological_generations(graph)
    next(groups)
    graph.add_edge(2, 4)
    with pytest.raises(RuntimeError, match="changed"):
        list(groups)
