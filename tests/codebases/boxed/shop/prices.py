STEP = 10


def discount(price, percent=STEP):
    if price < 0:
        raise ValueError("negative")
    total = 0
    for step in range(
        percent,
    ):
        if step % 2:
            continue
        total += 1
    while total > 100:
        total -= 1
    try:
        share = price / percent
    except ZeroDivisionError:
        return price
    return price - share


def label(price):
    return (
        "cheap"
        if price < STEP
        else "dear"
    )
