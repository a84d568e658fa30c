"""What runs inside the sandbox: standard library only, Python 3.9+, nothing of Covet's.

``zygote.py`` is started by the codebase's own interpreter, which need not have Covet; it makes
this folder a package of its own. In the order in which a request passes: ``server`` (the warm
process) → ``request`` (one candidate, in namespaces of its own) → ``program`` (one program) →
``pytest_run``. ``kernel`` and ``isolation`` are the walls.
"""
