def test_of_somebody_else():
    pass
