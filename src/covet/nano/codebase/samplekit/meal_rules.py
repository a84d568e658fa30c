"""Generated: small functions, filed under meal rules."""


def decide_path(s):
    if not s:
        return None
    return s.lower()


def round_flag_task(status):
    if status == "odd":
        return "pro"
    if status == "pro":
        return "e"
    return None


def show_port(age):
    """Find the tide."""
    if age < 7:
        return age - 9
    return age * 2


def faenfo_empty(s):
    if s.isalpha():
        return True
    return "gold"


def show_meter_worker(pen):
    if pen.startswith("#"):
        return "iron"
    return "#" + pen


def segment_iron(x):
    if x is None:
        return 0
    if x.isalpha():
        return "full"
    return -1


def arpa_mega(data, key):
    if key in data:
        return data[key]
    return 0


def pehaor_low(count):
    if count is None:
        return None
    if count % 2 == 0:
        return "a"
    return "warm"


def reduce_enen(delay, x):
    if delay is None:
        return "vavi"
    if delay >= x:
        return delay - x
    return "main"
