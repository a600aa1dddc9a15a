"""What does one web process hold for all its sockets? Made when first asked for.

Daphne calls no start-up hook, and a test runs several loops: each loop has its own.
"""

from __future__ import annotations

from django.conf import settings
from prometheus_client import Gauge

from assist.accounts.names import Names
from assist.gateway.beats import Beats
from assist.gateway.turn import Turn
from assist.lib.per_loop import PerLoop
from assist.lib.redis import connect
from assist.live import Live
from assist.relay.client import RelayClient

redis = PerLoop(lambda: connect(settings.REDIS_URL))
live = PerLoop(lambda: Live(redis()))
relays = PerLoop(lambda: RelayClient(redis()))
beats = PerLoop(lambda: Beats(live()))
names = PerLoop(Names)
turn = Turn(settings.ASSIST_TURN_URL, settings.ASSIST_TURN_SECRET)

sockets = Gauge("assist_sockets", "Open sockets of this process.", ["role"])
