"""The house's settings, but credentials for its TURN servers end after a few seconds."""

from assist.gateway import turn
from assist.settings import *  # noqa: F403 - Django wants each of them here

turn.LIFETIME_S = 6
