"""How good are the calls? What the pages measure becomes figures without a name.

Each page of a Call says in numbers how its connection was; what was seen or said is in none of
them. Prometheus counts them by role, and `live` keeps each person's last ones for a few seconds.
"""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from assist.protocol.states import Role
from assist.protocol.views import LegQuality

_ROLE = ["role"]
round_trip = Histogram(
    "assist_leg_round_trip_seconds",
    "From a page to the relay and back.",
    _ROLE,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2),
)
lost_share = Histogram(
    "assist_leg_lost_share",
    "Of the packets that should have come to a page in five seconds.",
    _ROLE,
    buckets=(0.0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4),
)
bits = Histogram(
    "assist_leg_bits_per_second",
    "What a page sends, and what it receives.",
    ["role", "way"],
    buckets=(30e3, 100e3, 300e3, 600e3, 1e6, 2e6, 4e6, 8e6),
)
height = Histogram(
    "assist_picture_height_pixels",
    "Of the moving picture at a page.",
    _ROLE,
    buckets=(90, 180, 270, 360, 540, 720, 1080),
)
freezes = Counter("assist_picture_freezes", "Of the moving picture at a page.", _ROLE)


def count(role: Role, quality: LegQuality) -> None:
    """Let one report of a page be counted."""
    if quality.round_trip_ms is not None:
        round_trip.labels(role=role).observe(quality.round_trip_ms / 1000)
    lost_share.labels(role=role).observe(quality.lost_share)
    bits.labels(role=role, way="sent").observe(quality.sent_kbit_s * 1000)
    bits.labels(role=role, way="received").observe(quality.received_kbit_s * 1000)
    if quality.height:
        height.labels(role=role).observe(quality.height)
    freezes.labels(role=role).inc(quality.freezes)
