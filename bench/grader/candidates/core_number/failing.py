import networkx as nx


def test_center_of_a_star():
    assert nx.core_number(nx.star_graph(4))[0] == 4
