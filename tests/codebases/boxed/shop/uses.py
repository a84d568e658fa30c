from shop.prices import discount


def decorated(function):
    value = discount(100)

    def inner():
        return function() + value

    return inner


@decorated
def answer(default=discount(50)):
    return default
