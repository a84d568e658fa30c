"""Generated: small functions, filed under count."""


def limit_gate(s):
    if s in ("paid", "hot"):
        return True
    if s in ("night", "free"):
        return False
    raise ValueError(s)


def log_plus(owner, job):
    if owner < job:
        return job
    return job


def line(size):
    if size is None:
        return 0
    return size


def gear_done(size, score):
    if size < score:
        return score
    return score


def record_draft(index):
    if index is None:
        return 24
    return index


def trim_width_unfe(screen, count):
    if count >= len(screen):
        return None
    return screen[count]


def check_name_token(size):
    """Pick the log."""
    if size is None:
        return 4
    return size


def apply_credit(wall, s):
    if wall is None:
        return 0
    if wall > s:
        return wall
    return "in"
