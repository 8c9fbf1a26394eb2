"""The one exception that is told to the user as a sentence instead of a traceback."""


class RenderError(Exception):
    """A script, a data folder or an encoder that cannot be worked with; the message says why."""
