import os
import time


def test_leaves_a_child():
    try:
        child = os.fork()
    except OSError:
        return
    if not child:
        time.sleep(1000)
        os._exit(0)
