def setup(app):
    raise RuntimeError("not the codebase's own")
