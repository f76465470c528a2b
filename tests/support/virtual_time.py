"""A loop and a clock whose time passes when a test says so."""


class VirtualTime:
    """A loop and a clock in one: time passes when a test says so."""

    def __init__(self):
        self._time = 1_700_000_000_000_000
        self._due = []
        self._later = []

    def now(self):
        return self._time

    def elapsed(self):
        return self._time

    def call_soon(self, callback):
        self._due.append(callback)

    def call_later(self, delay, callback):
        timer = Timer(self._time + round(delay * 1_000_000), callback)
        self._later.append(timer)
        return timer

    def run(self):
        while self._due:
            due, self._due = self._due, []
            for callback in due:
                callback()

    def fall_behind(self, seconds):
        """Time passes and nothing runs."""
        self._time += round(seconds * 1_000_000)

    def pass_seconds(self, seconds):
        end = self._time + seconds * 1_000_000
        while (timers := [timer for timer in self._later if not timer.is_cancelled and timer.due <= end]) != []:
            timer = min(timers, key=lambda each: each.due)
            self._later.remove(timer)
            self._time = max(self._time, timer.due)
            timer.callback()
            self.run()
        self._time = end


class Timer:
    def __init__(self, due, callback):
        self.due = due
        self.callback = callback
        self.is_cancelled = False

    def cancel(self):
        self.is_cancelled = True
