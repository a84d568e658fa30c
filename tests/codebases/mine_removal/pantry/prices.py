def price(amount, per_kilo, *, member=False):
    total = amount * per_kilo / 1000
    if member:
        total -= total / 10
    return round(total, 2)


def cheapest(offers):
    best = None
    for name, cost in offers.items():
        if best is None or cost < offers[best]:
            best = name
    return best
