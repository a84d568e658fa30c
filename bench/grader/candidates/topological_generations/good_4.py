import networkx as nx


def test_topological_generations_not_empty():
    assert len(list(nx.topological_generations(nx.DiGraph([(1, 2)])))) > 0


def test_first_generation_is_the_source():
    first = next(iter(nx.topological_generations(nx.DiGraph([("a", "b"), ("b", "c")]))))
    assert first == ["a"]
