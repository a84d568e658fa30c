RATE = 3


def total(prices):
    result = 0
    for price in prices:
        if price < 0:
            raise ValueError(price)
        result += price
    return result


def discount(price, percent):
    if percent > 100:
        return 0
    return price - price * percent // 100


def is_free(price):
    return price == 0
