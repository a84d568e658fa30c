"""What is bought, and what it costs; amounts are whole cents."""

COUPONS = {"TEN": 10, "HALF": 50}


class CouponError(ValueError):
    def __init__(self, code):
        super().__init__(f"unknown coupon {code!r}")
        self.code = code


def total(prices, coupon=None):
    """The sum, less the coupon's share of it; never less than a cent for what is bought."""
    if any(price < 0 for price in prices):
        raise ValueError("a price is negative")
    amount = sum(prices)
    if coupon is not None:
        if coupon not in COUPONS:
            raise CouponError(coupon)
        amount -= amount * COUPONS[coupon] // 100
    if prices and amount < 1:
        amount = 1
    return amount


def is_open(hour, day="mon"):
    """From eight to six; on Sundays from ten to two."""
    if not 0 <= hour < 24:
        raise ValueError(f"no such hour: {hour}")
    if day == "sun":
        return 10 <= hour < 14
    return 8 <= hour < 18


def parse(text):
    """``name x count @ price`` → a tuple of the three."""
    name, found, rest = text.partition(" x ")
    if not found:
        raise ValueError(f"no count in {text!r}")
    count, _, price = rest.partition(" @ ")
    return name.strip(), int(count), int(price or 0)


def render(line):
    """The text of such a tuple."""
    name, count, price = line
    if price:
        return f"{name} x {count} @ {price}"
    return f"{name} x {count}"


def rank(lines):
    """Puts lines in order, the dearest first, and drops those without a count."""
    for line in list(lines):
        if line[1] < 1:
            lines.remove(line)
    lines.sort(key=lambda line: (-line[1] * line[2], line[0]))


class Basket:
    """Lines, by the name of what is bought."""

    def __init__(self, limit=5):
        self.limit = limit
        self.lines = {}

    def add(self, name, price, count=1):
        """How many of it there are now."""
        if count < 1:
            raise ValueError("nothing to add")
        if name not in self.lines and len(self.lines) >= self.limit:
            raise OverflowError("the basket is full")
        before, _ = self.lines.get(name, (0, price))
        self.lines[name] = (before + count, price)
        return before + count

    def cost(self):
        return total([count * price for count, price in self.lines.values()])
