"""What does the monitor hold in one web process? One of each for each loop."""

from __future__ import annotations

from django.conf import settings

from assist.accounts.names import Names
from assist.lib.per_loop import PerLoop
from assist.lib.redis import connect
from assist.live import Live
from assist.monitor.joiners import Joiners

live = PerLoop(lambda: Live(connect(settings.REDIS_URL)))
names = PerLoop(Names)
joiners = PerLoop(Joiners)
