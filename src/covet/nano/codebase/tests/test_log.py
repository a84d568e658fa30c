from samplekit.log import (
    count_job,
    point_zavi,
    weigh_film_rate,
    use_viol,
    vain_noerte,
    choose_basket,
    compute_jana,
    rent_thin,
)


def test_count_job_1():
    assert count_job(None) == 0


def test_point_zavi_1():
    assert point_zavi(None) == "up"


def test_weigh_film_rate_1():
    assert weigh_film_rate([]) is None


def test_use_viol_1():
    assert use_viol("erx") is True


def test_use_viol_2():
    assert use_viol("foo") == "small"


def test_vain_noerte_1():
    assert vain_noerte([5]) == 5


def test_choose_basket_1():
    assert choose_basket("kaab") is not None


def test_rent_thin_1():
    assert rent_thin(2) == 5


def test_rent_thin_2():
    assert rent_thin(None) is not None
