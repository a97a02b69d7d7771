"""When it counts that an office told somebody itself, by telephone, by post or in person (Art. 12).

A decision has arrived when its recipient was told of it; the office proves it. So the note says the hour, who told
whom, and how, and of a letter its tracking number.
"""

from __future__ import annotations

from datetime import datetime

# By which a letter is traced: letters and digits, as the post prints them.
LONGEST_TRACKING_NUMBER = 40


def faults_of_telling(
    *,
    told_at: datetime,
    by_post: bool,
    tracking_number: str,
    made_at: datetime,
    noted_at: datetime,
) -> dict[str, str]:
    """What is wrong with a note that somebody was told, as codes by its field; empty when it counts.

    `made_at` is when there was something to tell, `noted_at` when it is noted.
    """
    faults = {}
    if told_at > noted_at:
        faults["told_at"] = "told_in_the_future"
    elif told_at < made_at.replace(second=0, microsecond=0):
        faults["told_at"] = "told_before_there_was_anything"
    if by_post and not tracking_number:
        faults["tracking_number"] = "tracking_number_missing"
    elif tracking_number and not by_post:
        faults["tracking_number"] = "tracking_number_without_letter"
    return faults
