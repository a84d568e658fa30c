"""How it is paid for, and what is told of it."""

import json
import logging

from kiosk.orders import total

log = logging.getLogger(__name__)


class PaymentError(Exception):
    pass


def charge(amount, gateway, attempts=3):
    """The gateway's receipt; while it is busy it is asked again."""
    if amount <= 0:
        raise PaymentError(f"nothing to pay: {amount}")
    for attempt in range(1, attempts + 1):
        receipt = gateway.pay(amount)
        if receipt is not None:
            log.info("paid %d", amount)
            return receipt
        log.warning("busy, attempt %d", attempt)
    raise PaymentError(f"gave up after {attempts} attempts")


def show(lines, currency="EUR"):
    """Prints lines and their sum."""
    for name, count, price in lines:
        print(f"{count:3} {name:10} {count * price / 100:8.2f}")
    cents = total([count * price for _, count, price in lines])
    print(f"    {'':10} {cents / 100:8.2f} {currency}")


def save(lines, path):
    """As JSON; a file that is there is kept under another name."""
    if path.exists():
        path.rename(path.with_suffix(".old"))
    path.write_text(json.dumps({"lines": lines, "count": len(lines)}))


def share(amount, people):
    """What each of them pays, in whole money."""
    if people < 1:
        raise ZeroDivisionError("nobody to pay")
    return amount / 100 / people


async def convert(amount, code, rates):
    """In another currency, by the rate that ``rates`` finds."""
    rate = await rates.find(code)
    if rate is None:
        raise LookupError(code)
    return round(amount * rate)
