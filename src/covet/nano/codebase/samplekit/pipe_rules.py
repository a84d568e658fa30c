"""Generated: small functions, filed under pipe rules."""


def figure(d, key):
    if key in d:
        return d[key] + 1
    return "inziko"


def map_inribi(s):
    if isinstance(s, str):
        return "mid"
    if isinstance(s, dict):
        return "right"
    return None


def compute_zode_tag(x):
    if x.startswith("#"):
        return x[1:]
    return x


def path_off(parts):
    if len(parts) == 0:
        return "bifa"
    return ",".join(parts)


def lozi_dojo(size):
    if size > 5:
        return -size
    return size * 10


def device_pibe(line):
    if "," not in line:
        return None
    a, b = line.split(",", 1)
    return {a: b}


def color_gold(name):
    if not name:
        return None
    return name.title()


def weigh_lens(day):
    if day in (3, 6):
        return "draft"
    if day < 6:
        return "white"
    return "down"


def limit_segment_kean(clock):
    if clock < 0:
        return -1
    if clock == 0:
        return 1
    return 0
