"""Named places at which a test can stop the process.

That nothing is lost when a process dies between two steps cannot be shown by a mock: a test must kill a real process
at a chosen place. The code names such places with `point("sweep.planned")`. Outside such a test no hook is installed,
and a point does nothing; there is no setting, variable or request that installs one.
"""

from collections.abc import Callable

_hook: Callable[[str], None] | None = None


def point(name: str) -> None:
    """Pass the named place; nothing happens unless a test process has installed a hook."""
    if _hook is not None:
        _hook(name)


def install(hook: Callable[[str], None] | None) -> None:
    """Call the hook with the name of each point that is passed from now on; None takes it away."""
    global _hook  # noqa: PLW0603 - one hook per test process, set before the work begins
    _hook = hook
