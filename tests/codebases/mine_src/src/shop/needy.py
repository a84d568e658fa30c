import a_library_that_is_not_there


def need(n):
    return a_library_that_is_not_there.give(n)
