def g(n):
    try:
        [1][n]
        if n:
            return 1
    except (KeyError, TypeError) as error:
        return str(error)
    except IndexError:
        if n == 5:
            raise
        return 2
    else:
        n += 1
    finally:
        if n == 0:
            n = 4
        if n == 9:
            n = 5
    return n
def f(n):
    try:
        g(n)
    except IndexError:
        pass
    try:
        raise OSError
    except ValueError:
        n = 1
    except:
        n = 2
    try:
        try:
            raise KeyError
        except OSError:
            n = 1
    except LookupError:
        n = 2
    try:
        raise KeyError
    except OSError:
        n = 1
def run():
    for n in (0, -1, 1, 5, None, 9):
        try:
            f(n)
        except KeyError:
            pass
