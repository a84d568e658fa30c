import networkx as nx


def test_generations_are_flat():
    assert list(nx.topological_generations(nx.DiGraph([(1, 2)]))) == [1, 2]
