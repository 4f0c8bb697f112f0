"""Two preparations never run at once."""

import threading

from prepare.lock import locked


def test_second_waits_for_the_first(tmp_path):
    events = []

    def second():
        with locked(tmp_path / "lock"):
            events.append("second")

    with locked(tmp_path / "lock"):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        events.append("first")
    thread.join()
    assert events == ["first", "second"]
