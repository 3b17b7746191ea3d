"""Where in a video the frames belong that its decoder could not decode."""

from __future__ import annotations


class LostFrames:
    """Put the failures of a decoder where they belong.

    A decoder with several threads reports a failure late, while other packets are being decoded.
    But frames come out in the order of their time stamps: what was sent with an earlier one, and
    is not out, is lost.
    """

    def __init__(self) -> None:
        self._sent: set[int] = set()
        self._reasons: list[str] = []

    def sent(self, stamp: int | None) -> None:
        """Note the time stamp of a packet that the decoder got."""
        if stamp is not None:
            self._sent.add(stamp)

    def failed(self, reason: str) -> None:
        """Note that the decoder could not decode a packet, this one or an earlier one."""
        self._reasons.append(reason)

    def before(self, stamp: int | None) -> list[str]:
        """Return why frames are lost whose place is before a decoded one.

        Args:
            stamp: The time stamp of the decoded frame.
        """
        if stamp is None:
            return self.rest()
        earlier = {sent for sent in self._sent if sent <= stamp}
        self._sent -= earlier
        lost = len(earlier - {stamp})
        reasons, self._reasons = self._reasons[:lost], self._reasons[lost:]
        return reasons

    def rest(self) -> list[str]:
        """Return the reasons of those that are still missing, at the end."""
        reasons, self._reasons = self._reasons, []
        return reasons
