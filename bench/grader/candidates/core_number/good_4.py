import networkx as nx


def test_core_number_has_every_node():
    graph = nx.cycle_graph(4)
    assert set(nx.core_number(graph)) == set(graph)


def test_core_number_is_a_dict():
    assert isinstance(nx.core_number(nx.star_graph(3)), dict)
